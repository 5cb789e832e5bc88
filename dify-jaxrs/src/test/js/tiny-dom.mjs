/** As much of a DOM as the Markdown renderer asks for, and its nodes as text: enough to test without a browser. */

class TinyNode {
  parent = null;

  remove() {
    if (this.parent !== null) {
      this.parent.childNodes.splice(this.parent.childNodes.lastIndexOf(this), 1);
      this.parent = null;
    }
  }

  before(node) {
    node.remove();
    this.parent.childNodes.splice(this.parent.childNodes.indexOf(this), 0, node);
    node.parent = this.parent;
  }
}

class TinyText extends TinyNode {
  constructor(data) {
    super();
    this.data = data;
  }

  get length() {
    return this.data.length;
  }

  appendData(more) {
    this.data += more;
  }

  deleteData(offset, count) {
    this.data = this.data.slice(0, offset) + this.data.slice(offset + count);
  }

  toString() {
    return this.data.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  }
}

class TinyElement extends TinyNode {
  childNodes = [];
  dataset = {};

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get lastChild() {
    return this.childNodes.at(-1) ?? null;
  }

  append(...nodes) {
    for (const given of nodes) {
      const node = typeof given === "string" ? new TinyText(given) : given;
      node.remove();
      node.parent = this;
      this.childNodes.push(node);
    }
  }

  set textContent(text) {
    this.childNodes = [];
    if (text !== "") {
      this.append(text);
    }
  }

  /** All that is set but for the presentation (dir, tabIndex, class), which tests of content need not know. */
  toString() {
    const { href, start } = this;
    const attributes = Object.entries({ href, start, ...this.dataset })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}="${value}"`);
    const content = this.childNodes.join("");
    return ["br", "hr"].includes(this.tag)
      ? `<${this.tag}>`
      : `<${this.tag}${attributes.join("")}>${content}</${this.tag}>`;
  }
}

/** Nodes made since, by kind: what is made is what could do something. */
export const made = new Map();

export const document = {
  createElement(tag) {
    made.set(tag, (made.get(tag) ?? 0) + 1);
    return new TinyElement(tag);
  },
  createTextNode: (data) => new TinyText(data),
};

/** What an element holds, as text. */
export function content(element) {
  return element.childNodes.join("");
}
