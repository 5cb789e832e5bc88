/**
 * Markdown that grows: each line is read once, finished blocks are never touched again, and only the block at the end is drawn anew
 * while it is open. A line that is not whole yet is drawn as if it were and taken back when more of it comes. So a fence, a table
 * or a list looks complete at any moment, and the work stays proportional to the text.
 *
 * Known are paragraphs, headings, lists, fenced code, quotes, tables and rules; inside of them what inline.js knows. HTML is text.
 */
import { codeBlock, tableInFrame, tableRow } from "./blocks.js";
import { inline } from "./inline.js";
import { alignments, cells, closes, fence, heading, indentOf, isRule, isUndecided, opener, untabbed, within } from "./lines.js";

/** Quotes and lists inside of each other; what is deeper is text. */
const MAX_DEPTH = 10;
/** Text is drawn in pieces of about this length, and so are lines without end: the open piece is drawn once a frame. */
const MAX_PIECE = 8192;
/** Cells of one row; more would be no table that anybody reads. */
const MAX_COLUMNS = 100;
/** Characters of an answer that are rendered, the length of a book's chapter; the rest is one text. */
const MAX_RENDERED = 150_000;
/** Blocks, items and rows; far more than there are in a chapter, too. */
const MAX_ELEMENTS = 3_000;

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
  #elements = 0;
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
    for (let i = 0; i < lines.length; i++) {
      if (this.#elements > MAX_ELEMENTS) {
        const rest = [...lines.slice(i), this.#line].join("\n");
        this.#left = 0;
        this.#line = "";
        this.#addAsText(rest);
        return;
      }
      this.#take(lines[i]);
    }
    this.#cutLongLine();
    if (this.#line !== "" && (this.#leaf?.joined || !isUndecided(this.#line, this.#leaf?.kind === "code"))) {
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
      // Without its line ends: a megabyte of them would take seconds to lay out.
      this.#add(document.createElement("p")).append(this.#rest);
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
    let rest = untabbed(line);
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
    const aligned = this.#leaf?.kind === "text" ? alignments(rest) : null;
    if (aligned !== null) {
      return this.#table(this.#leaf, aligned);
    }
    if (this.#leaf?.kind === "table" && rest.includes("|")) {
      this.#leaf.body ??= this.#add(document.createElement("tbody"), this.#leaf.table);
      this.#add(tableRow("td", cells(rest), this.#leaf.aligned), this.#leaf.body);
      return true;
    }
    return false;
  }

  #block(rest, depth) {
    for (let marker; depth < MAX_DEPTH && (marker = this.#opener(rest, depth)) !== null; depth++) {
      this.#container(marker, depth);
      rest = rest.slice(marker.length);
    }
    if (rest.trim() !== "") {
      this.#start(rest, depth);
    }
  }

  #opener(rest, depth) {
    return opener(rest, this.#leaf?.kind === "text" && depth === this.#containers.length);
  }

  #container({ quote, offset, start, indent }, depth) {
    const sibling = this.#containers[depth];
    this.#closeTo(depth);
    if (quote) {
      this.#open({ kind: "quote", element: this.#add(document.createElement("blockquote")) });
      return;
    }
    const ordered = start !== undefined;
    const list = sibling?.kind === "item" && sibling.ordered === ordered ? sibling.list : this.#list(start);
    this.#open({ kind: "item", element: this.#add(document.createElement("li"), list), list, ordered, offset, indent });
  }

  #list(start) {
    const list = this.#add(document.createElement(start === undefined ? "ul" : "ol"));
    if (Number(start ?? 1) !== 1) {
      list.start = Number(start);
    }
    return list;
  }

  #open(container) {
    this.#containers = [...this.#containers, container];
  }

  #start(rest, depth) {
    const [marks, title] = heading(rest) ?? [];
    const [indent, marker, language] = fence(rest) ?? [];
    if (marks !== undefined) {
      this.#closeTo(depth);
      this.#text(this.#headingTag(marks.length), title ?? "");
      this.#closeTo(depth);
    } else if (marker !== undefined) {
      this.#closeTo(depth);
      const { figure, text } = codeBlock(language, this.#copyButton);
      this.#add(figure);
      this.#leaf = { kind: "code", element: text, marker, indent: indent.length, text: "", empty: true };
    } else if (isRule(rest)) {
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

  #code(leaf, line) {
    if (closes(line, leaf.marker)) {
      this.#closeTo(this.#containers.length);
      return;
    }
    const indent = Math.min(leaf.indent, indentOf(line));
    this.#extend(leaf, (leaf.empty ? "" : "\n") + line.slice(indent));
    leaf.empty = false;
  }

  /** The text's last line was the head of a table, if it has as many columns as the line of dashes under it. */
  #table(leaf, aligned) {
    const end = leaf.text.lastIndexOf("\n");
    const head = cells(leaf.text.slice(end + 1));
    if (head.length !== aligned.length || head.length > MAX_COLUMNS) {
      return false;
    }
    leaf.text = leaf.text.slice(0, Math.max(end, 0));
    this.#closeTo(this.#containers.length);
    const { frame, table } = tableInFrame();
    this.#add(frame);
    if (leaf.text === "" && leaf.settled === 0) {
      leaf.element.remove();
      this.#onUndo(() => frame.before(leaf.element));
    }
    this.#add(tableRow("th", head, aligned), this.#add(document.createElement("thead"), table));
    this.#leaf = { kind: "table", table, aligned, body: null };
    return true;
  }

  #add(element, parent = this.#containers.at(-1)?.element ?? this.#root) {
    if (parent === this.#root) {
      // A block runs in the direction of its first letters: a question in one script can be answered in another.
      element.dir = "auto";
    }
    parent.append(element);
    this.#elements += this.#before === null ? 1 : 0;
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
