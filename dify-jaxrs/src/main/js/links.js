/** Addresses in a text, and which of them may be followed. All patterns are bounded, so that none ever backtracks far. */

/** Longer addresses are no links. */
export const MAX_ADDRESS = 2048;

export const BARE_ADDRESS = new RegExp(String.raw`https?:\/\/[^\s<>"\x60]{1,${MAX_ADDRESS}}`, "y");
export const ANGLED_ADDRESS = new RegExp(String.raw`<((?:https?:\/\/|mailto:)[^\s<>]{1,${MAX_ADDRESS}})>`, "y");
/** After the bracket: an address, in which parentheses may stand in pairs, and perhaps a title. */
export const DESTINATION = new RegExp(
  String.raw`\(\s{0,3}(?:<([^<>\n]{0,${MAX_ADDRESS}})>|((?:[^\s()\\]|\\.|\([^\s()]{0,200}\)){0,${MAX_ADDRESS}}))` +
    String.raw`(?:\s{1,3}(?:"[^"]{0,500}"|'[^']{0,500}'))?\s{0,3}\)`,
  "y",
);

/** Whether an address may be followed: absolute, and of the web or of mail. Returns it as a URL, or null. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link to an address that safeUrl let pass. It opens a new tab, which learns nothing of this page. */
export function link(url, ...children) {
  const a = document.createElement("a");
  a.href = url.href;
  a.target = "_blank";
  a.rel = "noopener noreferrer nofollow";
  a.append(...children);
  return a;
}
