/**
 * The inside of a Markdown block: text with emphasis, code, links and line breaks, as DOM nodes.
 *
 * What a model writes is never markup: nodes are made one by one and text is set as text. Pictures become links, since loading one
 * would tell its host what the model put into the address. Every character is looked at once; nesting is bounded.
 */
import { sides } from "./emphasis.js";
import { ANGLED_ADDRESS, BARE_ADDRESS, DESTINATION, link, MAX_ADDRESS, safeUrl } from "./links.js";

/** Deeper nesting is shown as the text it is. */
const MAX_DEPTH = 20;
const SPECIAL = /[\\`*_~[\]!<&\n]|https?:\/\//g;
const LINE_BREAK = /<br ?\/?>/iy;
const ENTITY = /&(amp|lt|gt|quot|nbsp|#39);/y;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", "#39": "'" };
const ELEMENTS = { "*": "em", _: "em", "**": "strong", __: "strong", "~~": "del" };

/**
 * Makes the nodes of a text.
 *
 * @param {string} text Markdown without block structure
 * @param {boolean} open whether more of it is to come: then what is not closed yet is shown as if it were
 * @returns {Node[]} not yet in any document
 */
export function inline(text, open = false) {
  return new Inline(text, open).nodes();
}

class Inline {
  #text;
  #open;
  #at = 0;
  #plain = "";
  /** What is open, outermost first: its marker, and the nodes since. The first is the text as a whole. */
  #stack = [{ marker: "", nodes: [] }];
  /** Lengths of code fences that are known to be never closed, so that none is looked for twice. */
  #unclosed = new Set();

  constructor(text, open) {
    this.#text = text;
    this.#open = open;
  }

  nodes() {
    const text = this.#text;
    while (this.#at < text.length) {
      SPECIAL.lastIndex = this.#at;
      const found = SPECIAL.exec(text);
      if (found === null) {
        this.#plain += text.slice(this.#at);
        break;
      }
      this.#plain += text.slice(this.#at, found.index);
      this.#at = found.index;
      this.#special(found[0]);
    }
    this.#flush();
    if (this.#open) {
      while (this.#stack.length > 1 && ELEMENTS[this.#top.marker] && this.#top.nodes.length > 0) {
        this.#close(this.#stack.length - 1);
      }
    }
    return this.#unwind(0);
  }

  get #top() {
    return this.#stack[this.#stack.length - 1];
  }

  #special(found) {
    switch (found) {
      case "\\":
        return this.#escape();
      case "`":
        return this.#code();
      case "*":
      case "_":
      case "~":
        return this.#emphasis(found);
      case "!":
        return this.#text[this.#at + 1] === "[" ? this.#bracket("![") : this.#literal(1);
      case "[":
        return this.#bracket("[");
      case "]":
        return this.#endOfBracket();
      case "<":
        return this.#angle();
      case "&":
        return this.#entity();
      case "\n":
        return this.#lineBreak(1);
      default:
        return this.#bareAddress();
    }
  }

  #literal(length) {
    this.#plain += this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #flush() {
    if (this.#plain !== "") {
      this.#top.nodes.push(document.createTextNode(this.#plain));
      this.#plain = "";
    }
  }

  #push(node, length) {
    this.#flush();
    this.#top.nodes.push(node);
    this.#at += length;
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #escape() {
    const next = this.#text[this.#at + 1] ?? "";
    if (next === "\n") {
      this.#lineBreak(2);
    } else if (/[!-/:-@[-`{-~]/.test(next)) {
      this.#plain += next;
      this.#at += 2;
    } else {
      this.#literal(1);
    }
  }

  /** Every line break counts, as in a chat it should. */
  #lineBreak(length) {
    this.#plain = this.#plain.trimEnd();
    this.#push(document.createElement("br"), length);
  }

  #code() {
    const opening = this.#match(/`+/y)[0];
    const start = this.#at + opening.length;
    const end = opening.length > MAX_DEPTH ? -1 : this.#endOfCode(start, opening);
    if (end < 0 && !(this.#open && start < this.#text.length)) {
      this.#literal(opening.length);
      return;
    }
    const code = document.createElement("code");
    const content = this.#text.slice(start, end < 0 ? undefined : end).replaceAll("\n", " ");
    // A space on either side only keeps a backtick off the fence.
    code.textContent = /^ .*[^ ].* $/.test(content) ? content.slice(1, -1) : content;
    this.#push(code, (end < 0 ? this.#text.length : end + opening.length) - this.#at);
  }

  #endOfCode(from, fence) {
    if (this.#unclosed.has(fence.length)) {
      return -1;
    }
    const runs = /`+/g;
    runs.lastIndex = from;
    for (let run; (run = runs.exec(this.#text)) !== null; ) {
      if (run[0].length === fence.length) {
        return run.index;
      }
    }
    this.#unclosed.add(fence.length);
    return -1;
  }

  #emphasis(char) {
    let length = 1;
    while (this.#text[this.#at + length] === char) {
      length++;
    }
    if (length > 3 || (char === "~" && length !== 2)) {
      this.#literal(length);
      return;
    }
    const { opens, closes } = sides(char, this.#text[this.#at - 1] ?? " ", this.#text[this.#at + length] ?? " ");
    this.#at += length;
    let left = length;
    while (closes && left > 0) {
      const opener = this.#opener(char, left);
      if (opener < 0) {
        break;
      }
      left -= this.#stack[opener].marker.length;
      this.#close(opener);
    }
    while (opens && left > 0 && this.#stack.length < MAX_DEPTH) {
      const marker = char.repeat(Math.min(left, 2));
      this.#flush();
      this.#stack.push({ marker, nodes: [] });
      left -= marker.length;
    }
    this.#plain += char.repeat(left);
  }

  /** The innermost marker of at most that length. One inside a link closes nothing outside of it. */
  #opener(char, length) {
    for (let i = this.#stack.length - 1; i > 0 && !this.#stack[i].marker.endsWith("["); i--) {
      const { marker } = this.#stack[i];
      if (marker[0] === char && marker.length <= length) {
        return i;
      }
    }
    return -1;
  }

  #close(opener) {
    this.#flush();
    const { marker } = this.#stack[opener];
    const nodes = this.#unwind(opener);
    const element = document.createElement(ELEMENTS[marker]);
    element.append(...nodes);
    this.#top.nodes.push(element);
  }

  /** Takes everything from there on off the stack; whatever it holds open beyond that is text after all. */
  #unwind(from) {
    const [{ nodes }, ...unclosed] = this.#stack.splice(from);
    for (const inner of unclosed) {
      nodes.push(document.createTextNode(inner.marker));
      for (const node of inner.nodes) {
        nodes.push(node);
      }
    }
    return nodes;
  }

  #bracket(marker) {
    if (this.#stack.length >= MAX_DEPTH) {
      this.#literal(marker.length);
      return;
    }
    this.#flush();
    this.#stack.push({ marker, nodes: [] });
    this.#at += marker.length;
  }

  #endOfBracket() {
    const opener = this.#stack.findLastIndex(({ marker }) => marker.endsWith("["));
    if (opener < 0) {
      this.#literal(1);
      return;
    }
    this.#flush();
    const { marker } = this.#stack[opener];
    const nodes = this.#unwind(opener);
    this.#at++;
    const destination = this.#match(DESTINATION);
    if (destination !== null) {
      this.#link(marker, nodes, destination);
    } else if (this.#open && this.#unfinishedAddress()) {
      // The address is still coming: its beginning is nobody's text.
      this.#addAll(nodes);
      this.#at = this.#text.length;
    } else {
      this.#addAll([document.createTextNode(marker), ...nodes, document.createTextNode("]")]);
    }
  }

  #unfinishedAddress() {
    const rest = this.#text.slice(this.#at, this.#at + MAX_ADDRESS);
    return rest.startsWith("(") && this.#at + rest.length === this.#text.length && !/[\s)]/.test(rest);
  }

  #link(marker, nodes, [whole, angled, plain]) {
    const url = safeUrl((angled ?? plain).replace(/\\(.)/g, "$1"));
    this.#at += whole.length;
    if (marker === "![" && nodes.length === 0) {
      nodes = [document.createTextNode(url?.hostname ?? "")];
    }
    this.#addAll(url === null ? nodes : [link(url, ...nodes)]);
  }

  #addAll(nodes) {
    for (const node of nodes) {
      this.#top.nodes.push(node);
    }
  }

  #angle() {
    const address = this.#match(ANGLED_ADDRESS);
    const url = address && safeUrl(address[1]);
    if (url) {
      this.#push(link(url, address[1].replace(/^mailto:/, "")), address[0].length);
      return;
    }
    const lineBreak = this.#match(LINE_BREAK);
    if (lineBreak) {
      this.#lineBreak(lineBreak[0].length);
    } else {
      this.#literal(1);
    }
  }

  #entity() {
    const entity = this.#match(ENTITY);
    if (entity) {
      this.#plain += ENTITIES[entity[1]];
      this.#at += entity[0].length;
    } else {
      this.#literal(1);
    }
  }

  #bareAddress() {
    const [found] = this.#match(BARE_ADDRESS) ?? [""];
    // The full stop after an address ends the sentence, and a parenthesis belongs to it only with its other half.
    let address = found.replace(/[.,;:!?'*_~]+$/, "");
    while (address.endsWith(")") && !address.includes("(")) {
      address = address.slice(0, -1);
    }
    const url = safeUrl(address);
    const insideLink = this.#stack.some(({ marker }) => marker === "[");
    if (url === null || insideLink) {
      this.#literal(Math.max(address.length, 4));
    } else {
      this.#push(link(url, address), address.length);
    }
  }
}
