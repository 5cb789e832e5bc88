/**
 * Markdown that grows: each line is read once, finished blocks are never touched again, and only the block at the end is drawn anew
 * while it is open. A line that is not whole yet is drawn as if it were and taken back when more of it comes. So a fence, a table
 * or a list looks complete at any moment, and the work stays proportional to the text.
 *
 * Known are paragraphs, headings, lists, fenced code, quotes, tables and rules; inside of them what inline.js knows. HTML is text.
 */
import { inline } from "./inline.js";

/** Quotes and lists inside of each other; what is deeper is text. */
const MAX_DEPTH = 10;
/** Text is drawn in pieces of about this length, and so are lines without end: the open piece is drawn once a frame. */
const MAX_PIECE = 8192;
/** Longer lines are no headings, rules or fences. It also keeps the patterns below from ever taking long. */
const MAX_MARKER_LINE = 1000;
/** Cells of a row; more would be no table that anybody reads. */
const MAX_COLUMNS = 100;
/** Characters of an answer that are rendered, the length of a book's chapter; the rest is shown as it is. */
const MAX_RENDERED = 150_000;

const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;
const CLOSING_FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const TABLE_RULE = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])(?: {1,4}(?=\S)|[ \t]+|$)/;
/** Nothing but characters that may become a marker: what they are, only the next one tells. */
const UNDECIDED = /^(?:[#>*+\-`~_|=:\s]+|\s*\d{1,9}[.)]?)$/;
const UNDECIDED_IN_CODE = /^\s*(?:`+|~+)$/;

export class StreamingMarkdown {
  #root;
  #copyButton;
  /** Quotes and list items that are open, outermost first. Replaced, never changed. */
  #containers = [];
  /** The block at the end: text, code or a table; null between blocks. */
  #leaf = null;
  /** The level of the last heading, and that of the first one as the model counts. */
  #heading = { level: 2, base: 0 };
  #line = "";
  #left = MAX_RENDERED;
  /** What is beyond that, once there is something. */
  #rest = null;
  /** While a line is only tried out: what was before it, and how to get back there. */
  #before = null;
  #undo = [];

  /**
   * @param {Element} root gets the blocks as children
   * @param {(code: Element) => Element} copyButton makes the button that copies a block of code; without it there is none
   */
  constructor(root, copyButton = null) {
    this.#root = root;
    this.#copyButton = copyButton;
  }

  /** Draws what came. Called once a frame, with everything of that frame. */
  append(text) {
    const rendered = text.slice(0, this.#left);
    this.#left -= rendered.length;
    if (rendered !== "") {
      this.#grow(rendered);
    }
    if (rendered.length < text.length) {
      this.#addAsText(text.slice(rendered.length));
    }
  }

  #grow(text) {
    this.#takeBack();
    const lines = (this.#line + text.replaceAll("\r", "")).split("\n");
    this.#line = lines.pop();
    for (const line of lines) {
      this.#take(line);
    }
    this.#cutLongLine();
    const undecided = this.#leaf?.kind === "code" ? UNDECIDED_IN_CODE : UNDECIDED;
    if (this.#line !== "" && (this.#leaf?.joined || !undecided.test(this.#line))) {
      this.#tryOut(this.#line);
    }
    this.#draw(true);
  }

  /** Nothing more will come: what is still open is what it looks like. */
  finish() {
    this.#takeBack();
    if (this.#line !== "") {
      this.#take(this.#line);
      this.#line = "";
    }
    this.#closeTo(0);
  }

  #addAsText(text) {
    if (this.#rest === null) {
      this.finish();
      this.#rest = document.createTextNode("");
      const paragraph = this.#add(document.createElement("p"));
      paragraph.className = "plain";
      paragraph.append(this.#rest);
    }
    this.#rest.appendData(text);
  }

  #tryOut(line) {
    this.#before = {
      containers: this.#containers,
      heading: this.#heading,
      // What is on the page by then is not what this leaf has drawn.
      leaf: this.#leaf && { ...this.#leaf, drawn: null },
    };
    this.#take(line);
  }

  #takeBack() {
    if (this.#before !== null) {
      this.#undo.splice(0).reverse().forEach((undo) => undo());
      this.#containers = this.#before.containers;
      this.#heading = this.#before.heading;
      this.#leaf = this.#before.leaf;
      this.#before = null;
    }
  }

  #onUndo(action) {
    if (this.#before !== null) {
      this.#undo.push(action);
    }
  }

  #cutLongLine() {
    while (this.#line.length > 2 * MAX_PIECE) {
      this.#take(this.#line.slice(0, MAX_PIECE));
      this.#line = this.#line.slice(MAX_PIECE);
      this.#joinNext();
    }
  }

  #take(line) {
    this.#takePiece(line.slice(0, 2 * MAX_PIECE));
    for (let at = 2 * MAX_PIECE; at < line.length; at += MAX_PIECE) {
      this.#joinNext();
      this.#takePiece(line.slice(at, at + MAX_PIECE));
    }
  }

  /** What comes next belongs to the same line. */
  #joinNext() {
    if (this.#leaf !== null) {
      this.#leaf.joined = true;
    }
  }

  #takePiece(line) {
    const leaf = this.#leaf;
    if (leaf?.joined) {
      leaf.joined = false;
      this.#extend(leaf, line);
      return;
    }
    let rest = line.replace(/^[ \t]*\t/, (indent) => indent.replaceAll("\t", "    "));
    let depth = 0;
    for (let inner; depth < this.#containers.length; depth++, rest = inner) {
      inner = within(this.#containers[depth], rest);
      if (inner === null) {
        break;
      }
    }
    const goesOn = depth === this.#containers.length;
    if (leaf?.kind === "code" && goesOn) {
      this.#code(leaf, rest);
    } else if (rest.trim() === "") {
      this.#blank(depth);
    } else if (!(goesOn && this.#tableLine(rest))) {
      this.#block(rest, depth);
    }
  }

  /** An empty line ends a block of text, and a quote; a list stays open for what is indented under it. */
  #blank(depth) {
    const quote = this.#containers.findIndex(({ kind }, i) => i >= depth && kind === "quote");
    this.#closeTo(quote < 0 ? this.#containers.length : quote);
  }

  #tableLine(rest) {
    if (this.#leaf?.kind === "text" && rest.length <= MAX_MARKER_LINE && TABLE_RULE.test(rest)) {
      return this.#table(this.#leaf, rest);
    }
    if (this.#leaf?.kind === "table" && rest.includes("|")) {
      this.#leaf.body ??= this.#add(document.createElement("tbody"), this.#leaf.table);
      this.#row(this.#leaf.body, "td", cells(rest), this.#leaf.aligned);
      return true;
    }
    return false;
  }

  #block(rest, depth) {
    for (let marker; depth < MAX_DEPTH && (marker = this.#marker(rest, depth)) !== null; depth++) {
      this.#container(rest, marker, depth);
      rest = rest.slice(marker[0].length);
    }
    if (rest.trim() !== "") {
      this.#start(rest, depth);
    }
  }

  #marker(rest, depth) {
    if (rest.length <= MAX_MARKER_LINE && RULE.test(rest)) {
      return null;
    }
    const item = ITEM.exec(rest);
    const interrupts = this.#leaf?.kind === "text" && depth === this.#containers.length;
    // A year at the begin of a line, or a lone dash, is no list.
    const noItem = interrupts && item !== null && ((item[2] ?? "1") !== "1" || item[0].length === rest.length);
    return QUOTE.exec(rest) ?? (noItem ? null : item);
  }

  #container(rest, marker, depth) {
    const sibling = this.#containers[depth];
    this.#closeTo(depth);
    if (marker[0].trimStart().startsWith(">")) {
      this.#open({ kind: "quote", element: this.#add(document.createElement("blockquote")) });
      return;
    }
    const ordered = marker[2] !== undefined;
    const list =
      sibling?.kind === "item" && sibling.ordered === ordered ? sibling.list : this.#list(ordered ? marker[2] : null);
    const element = this.#add(document.createElement("li"), list);
    const empty = marker[0].length === rest.length;
    const indent = empty ? marker[0].trimEnd().length + 1 : marker[0].length;
    this.#open({ kind: "item", element, list, ordered, offset: marker[1].length, indent });
  }

  #list(start) {
    const list = this.#add(document.createElement(start === null ? "ul" : "ol"));
    if (Number(start ?? 1) !== 1) {
      list.start = Number(start);
    }
    return list;
  }

  #open(container) {
    this.#containers = [...this.#containers, container];
  }

  #start(rest, depth) {
    const short = rest.length <= MAX_MARKER_LINE;
    const heading = short && HEADING.exec(rest);
    const fence = short && FENCE.exec(rest);
    if (heading) {
      this.#closeTo(depth);
      this.#text(this.#headingTag(heading[1].length), heading[2] ?? "");
      this.#closeTo(depth);
    } else if (fence) {
      this.#closeTo(depth);
      this.#fence(fence);
    } else if (short && RULE.test(rest)) {
      this.#closeTo(depth);
      this.#add(document.createElement("hr"));
    } else if (this.#leaf?.kind === "text") {
      // Also where it should have been indented to belong to the list or the quote: people and models forget that.
      this.#extend(this.#leaf, `\n${rest.trimStart()}`);
    } else {
      this.#closeTo(depth);
      this.#text("p", rest.trimStart());
    }
  }

  /** Headings start below the page's own and never skip a level, whatever the model thinks of its importance. */
  #headingTag(marks) {
    const base = this.#heading.base || marks;
    const level = Math.max(3, Math.min(6, this.#heading.level + 1, 3 + marks - base));
    this.#heading = { level, base };
    return `h${level}`;
  }

  #text(tag, text) {
    this.#leaf = { kind: "text", element: this.#add(document.createElement(tag)), text, settled: 0, drawn: null };
  }

  #extend(leaf, text) {
    if (leaf.kind === "text" && leaf.text.length > MAX_PIECE && this.#before === null) {
      this.#draw(false);
      leaf.settled = leaf.element.childNodes.length;
      leaf.text = "";
    }
    leaf.text += text;
  }

  #fence([, { length: indent }, marker, language]) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const name = document.createElement("span");
    const pre = document.createElement("pre");
    const code = document.createElement("code");
    const element = document.createTextNode("");
    name.textContent = language;
    caption.append(name);
    if (this.#copyButton !== null) {
      caption.append(this.#copyButton(code));
    }
    // Code runs from left to right in any language, and who has no mouse scrolls it by the keys.
    pre.dir = "ltr";
    pre.tabIndex = 0;
    code.append(element);
    pre.append(code);
    figure.append(caption, pre);
    this.#add(figure);
    this.#leaf = { kind: "code", element, marker, indent, text: "", empty: true };
  }

  #code(leaf, line) {
    const closing = line.length <= MAX_MARKER_LINE && CLOSING_FENCE.exec(line)?.[1];
    if (closing && closing[0] === leaf.marker[0] && closing.length >= leaf.marker.length) {
      this.#closeTo(this.#containers.length);
      return;
    }
    const indent = Math.min(leaf.indent, line.length - line.trimStart().length);
    this.#extend(leaf, (leaf.empty ? "" : "\n") + line.slice(indent));
    leaf.empty = false;
  }

  /** The text's last line was the head of a table, if it has as many columns as the line of dashes under it. */
  #table(leaf, rule) {
    const end = leaf.text.lastIndexOf("\n");
    const head = cells(leaf.text.slice(end + 1));
    const aligned = cells(rule).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "end") : ""));
    if (!rule.includes("|") || head.length !== aligned.length || head.length > MAX_COLUMNS) {
      return false;
    }
    leaf.text = leaf.text.slice(0, Math.max(end, 0));
    this.#closeTo(this.#containers.length);
    const frame = document.createElement("div");
    const table = document.createElement("table");
    frame.className = "table";
    frame.tabIndex = 0;
    frame.append(table);
    this.#add(frame);
    if (leaf.text === "" && leaf.settled === 0) {
      leaf.element.remove();
      this.#onUndo(() => frame.before(leaf.element));
    }
    this.#row(this.#add(document.createElement("thead"), table), "th", head, aligned);
    this.#leaf = { kind: "table", table, aligned, body: null };
    return true;
  }

  #row(section, tag, content, aligned) {
    const row = document.createElement("tr");
    aligned.forEach((align, i) => {
      const cell = document.createElement(tag);
      cell.append(...inline(content[i] ?? ""));
      if (align !== "") {
        cell.dataset.align = align;
      }
      row.append(cell);
    });
    this.#add(row, section);
  }

  #add(element, parent = this.#containers.at(-1)?.element ?? this.#root) {
    if (parent === this.#root) {
      // A block runs in the direction of its first letters: a question in one script can be answered in another.
      element.dir = "auto";
    }
    parent.append(element);
    this.#onUndo(() => element.remove());
    return element;
  }

  #closeTo(depth) {
    this.#draw(false);
    this.#leaf = null;
    this.#containers = this.#containers.slice(0, depth);
  }

  #draw(open) {
    const leaf = this.#leaf;
    if (leaf?.kind === "code" && leaf.text !== "") {
      const { length } = leaf.element;
      leaf.element.appendData(leaf.text);
      this.#onUndo(() => leaf.element.deleteData(length, leaf.element.length - length));
      leaf.text = "";
    } else if (leaf?.kind === "text" && leaf.drawn !== `${open} ${leaf.text}`) {
      leaf.drawn = `${open} ${leaf.text}`;
      while (leaf.element.childNodes.length > leaf.settled) {
        leaf.element.lastChild.remove();
      }
      // What begins like the head of a table waits for the line that tells.
      const text = open ? leaf.text.replace(/(^|\n)\|[^\n]*$/, "") : leaf.text;
      leaf.element.append(...inline(text, open));
    }
  }
}

/** What a line is inside of a quote or an item that goes on with it; null where it does not. */
function within({ kind, offset, indent }, line) {
  if (kind === "quote") {
    const marker = QUOTE.exec(line);
    return marker && line.slice(marker[0].length);
  }
  if (line.trim() === "") {
    return "";
  }
  const spaces = line.length - line.trimStart().length;
  // Inner lists are often indented by two, also where the marker above is wider.
  const belongs = spaces >= indent || (spaces >= offset + 2 && ITEM.test(line));
  return belongs ? line.slice(Math.min(spaces, indent)) : null;
}

/** The cells of a row; a bar behind a backslash is a bar. */
function cells(row) {
  const inner = row.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
