/** What a line of Markdown can be, and what it is to the block it stands in. */

/** Longer lines are no headings, rules or fences. It also keeps the patterns here from ever taking long. */
const MAX_MARKER_LINE = 1000;

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

/** The marks and the text, if there is one, or null. */
export const heading = (line) => short(line, HEADING)?.slice(1);

/** Indent, marker and language of what opens a block of code, or null. */
export const fence = (line) => short(line, FENCE)?.slice(1);

export function closes(line, marker) {
  const closing = short(line, CLOSING_FENCE)?.[1] ?? "";
  return closing[0] === marker[0] && closing.length >= marker.length;
}

export const isRule = (line) => short(line, RULE) !== null;

/** How the columns are aligned below the head of a table; null for another line. */
export function alignments(line) {
  const isTable = line.includes("|") && short(line, TABLE_RULE) !== null;
  return isTable ? cells(line).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "end") : "")) : null;
}

/** The cells of a row; a bar behind a backslash is a bar. */
export function cells(row) {
  const inner = row.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Whether it has to wait for its next character. */
export function isUndecided(line, inCode) {
  return (inCode ? UNDECIDED_IN_CODE : UNDECIDED).test(line);
}

/**
 * What opens a quote, {quote, length}, or an item, {quote, offset, start, indent, length}; null for another line.
 *
 * @param {boolean} interrupts whether a text is just being written: a year at the begin of a line, or a lone dash, is no list then
 */
export function opener(line, interrupts) {
  const quote = QUOTE.exec(line);
  if (quote !== null) {
    return { quote: true, length: quote[0].length };
  }
  const item = isRule(line) ? null : ITEM.exec(line);
  if (item === null) {
    return null;
  }
  const [{ length }, { length: offset }, start] = item;
  const empty = length === line.length;
  if (interrupts && ((start ?? "1") !== "1" || empty)) {
    return null;
  }
  return { quote: false, offset, start, indent: empty ? item[0].trimEnd().length + 1 : length, length };
}

/** What a line is inside of a quote or an item that goes on with it; null where it does not. */
export function within({ kind, offset, indent }, line) {
  if (kind === "quote") {
    const marker = QUOTE.exec(line);
    return marker && line.slice(marker[0].length);
  }
  if (line.trim() === "") {
    return "";
  }
  const spaces = indentOf(line);
  // Inner lists are often indented by two, also where the marker above is wider.
  const belongs = spaces >= indent || (spaces >= offset + 2 && ITEM.test(line));
  return belongs ? line.slice(Math.min(spaces, indent)) : null;
}

export function untabbed(line) {
  return line.replace(/^[ \t]*\t/, (indent) => indent.replaceAll("\t", "    "));
}

export function indentOf(line) {
  return line.length - line.trimStart().length;
}

function short(line, pattern) {
  return line.length <= MAX_MARKER_LINE ? pattern.exec(line) : null;
}
