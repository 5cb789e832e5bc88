/** Fields that an app asks to have filled in: before a conversation, or where a run waits for somebody. */
import { el } from "./dom.js";

/**
 * Makes a field.
 *
 * @param {{name: string, label: string, type: string, required?: boolean, options?: string[], value?: any, maxLength?: number}} field
 *   of a type of Dify's; what cannot be asked for here (files) is null
 */
export function field({ name, label, type, required, options, value, maxLength }) {
  const attributes = { name, required, maxlength: maxLength || null };
  const input = {
    "text-input": () => el("input", { ...attributes, value }),
    paragraph: () => withText(el("textarea", { ...attributes, rows: 3 }), value),
    number: () => el("input", { ...attributes, type: "number", step: "any", value }),
    checkbox: () => el("input", { name, type: "checkbox", checked: value === true || value === "true" }),
    select: () => el("select", attributes, ...["", ...(options ?? [])].map((option) => choice(option, value))),
  }[type]?.();
  return input && el("label", { class: `field ${type}` }, el("bdi", {}, label || name), input);
}

/** The fields of `/parameters`, but for what the page itself gives. */
export function inputFields(form, given) {
  return (form ?? [])
    .flatMap((entry) => Object.entries(entry))
    .filter(([, { variable, hide }]) => !(variable in given) && hide !== true)
    .map(([type, { variable, label, required, options, default: value, max_length }]) =>
      field({ name: variable, label, type, required, options, value, maxLength: max_length }),
    )
    .filter(Boolean);
}

/** What is filled in, by name, in the types that Dify expects; empty fields are left out. */
export function values(form) {
  const filled = {};
  for (const input of form.elements) {
    if (input.name === "") {
      continue;
    }
    if (input.type === "checkbox") {
      filled[input.name] = input.checked;
    } else if (input.value !== "") {
      filled[input.name] = input.type === "number" ? input.valueAsNumber : input.value;
    }
  }
  return filled;
}

function choice(option, value) {
  return el("option", { value: option, selected: option === value }, option);
}

function withText(area, text) {
  area.value = text ?? "";
  return area;
}
