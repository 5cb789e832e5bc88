/** The elements of Markdown that are more than one: code with its caption, tables in a frame that scrolls. */
import { inline } from "./inline.js";

/** A block of code; its text goes to the node. */
export function codeBlock(language, copyButton) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const name = document.createElement("span");
  const pre = document.createElement("pre");
  const code = document.createElement("code");
  const text = document.createTextNode("");
  name.textContent = language;
  caption.append(name);
  if (copyButton !== null) {
    caption.append(copyButton(code));
  }
  // Code runs from left to right in any language, and who has no mouse scrolls it by the keys.
  pre.dir = "ltr";
  pre.tabIndex = 0;
  code.append(text);
  pre.append(code);
  figure.append(caption, pre);
  return { figure, text };
}

export function tableInFrame() {
  const frame = document.createElement("div");
  const table = document.createElement("table");
  frame.className = "table";
  frame.tabIndex = 0;
  frame.append(table);
  return { frame, table };
}

/** A row with as many cells as the table has columns. */
export function tableRow(tag, content, aligned) {
  const row = document.createElement("tr");
  aligned.forEach((align, i) => {
    const cell = document.createElement(tag);
    cell.append(...inline(content[i] ?? ""));
    if (align !== "") {
      cell.dataset.align = align;
    }
    row.append(cell);
  });
  return row;
}
