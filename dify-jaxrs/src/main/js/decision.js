/** The form of a run that waits for somebody's decision. */
import { field, values } from "./fields.js";
import { el } from "./dom.js";
import { StreamingMarkdown } from "./markdown.js";
import { fill } from "./texts.js";

/** Where a field stands in the text of the form. */
const PLACE = /\{\{#\$output\.[^}]*#\}\}/g;

/**
 * Makes the form; only the text of it where the decision is to be taken elsewhere, which Dify tells by giving no token.
 *
 * @param chat what this needs of the chat: texts, api, failed
 * @param required the data of a `human_input_required`
 * @param decided called when the decision was taken, and the run goes on
 */
export function decision({ texts, api, failed }, { form_content, form_token: token, inputs, actions, resolved_default_values: defaults }, decided) {
  const content = el("div", { class: "content", part: "content" });
  const markdown = new StreamingMarkdown(content);
  markdown.append((form_content ?? "").replace(PLACE, ""));
  markdown.finish();
  const form = el("form", { class: "fields", part: "form" }, content);
  if (!token) {
    return form;
  }
  const decide = async (event) => {
    event.preventDefault();
    const { value: id, textContent: action } = event.submitter;
    form.inert = true;
    try {
      await api.fillIn(token, id, values(form));
      form.replaceWith(el("p", { class: "note" }, fill(texts.decided, { action })));
      decided();
    } catch (error) {
      form.inert = false;
      failed(error);
    }
  };
  form.addEventListener("submit", decide);
  form.append(...(inputs ?? []).map((input) => asked(input, defaults ?? {})).filter(Boolean));
  const buttons = (actions ?? []).map(({ id, title, button_style: style }) => el("button", { value: id, class: style === "primary" && "primary" }, title));
  form.append(el("div", { class: "buttons" }, ...buttons));
  return form;
}

function asked({ output_variable_name: name, type, default: preset, option_source: source }, defaults) {
  return field({ name, label: name, type, required: true, options: source?.value, value: defaults[name] ?? preset?.value });
}
