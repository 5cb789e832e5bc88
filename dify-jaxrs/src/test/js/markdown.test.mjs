import assert from "node:assert/strict";
import { test } from "node:test";
import { content, document, made } from "./tiny-dom.mjs";

globalThis.document = document;
const { StreamingMarkdown } = await import("../../main/js/markdown.js");

function whole(text) {
  return inPieces([text]);
}

function inPieces(pieces) {
  const root = document.createElement("div");
  const markdown = new StreamingMarkdown(root);
  for (const piece of pieces) {
    markdown.append(piece);
  }
  markdown.finish();
  return content(root);
}

/** What is on the page while the last line is still coming. */
function soFar(text) {
  const root = document.createElement("div");
  new StreamingMarkdown(root).append(text);
  return content(root);
}

const rendered = {
  "a paragraph keeps its line breaks": ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
  "headings start below the page's own": ["# A\n### B\n## C ##", "<h3>A</h3><h4>B</h4><h4>C</h4>"],
  "emphasis": ["*a* **b** ***c*** ~~d~~ __e__", "<p><em>a</em> <strong>b</strong> <strong><em>c</em></strong> <del>d</del> <strong>e</strong></p>"],
  "emphasis inside of emphasis": ["**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"],
  "no emphasis in names and sums": ["a_b_c 2 * 3 * 4 ~5~", "<p>a_b_c 2 * 3 * 4 ~5~</p>"],
  "what is not closed is text": ["**a *b", "<p>**a *b</p>"],
  "code": ["`a` ``b ` c`` `` ` `` `open", "<p><code>a</code> <code>b ` c</code> <code>`</code> `open</p>"],
  "code keeps markers": ["`**a** <b>`", "<p><code>**a** &lt;b></code></p>"],
  "escapes and entities": ["\\*a\\* &lt;b&gt; &amp;c &unknown;", "<p>*a* &lt;b> &amp;c &amp;unknown;</p>"],
  "a link": ["[a **b**](https://example.org/x_(y) \"title\")", '<p><a href="https://example.org/x_(y)">a <strong>b</strong></a></p>'],
  "a link in angles": ["[a](<https://example.org/a b>)", '<p><a href="https://example.org/a%20b">a</a></p>'],
  "addresses in the text": ["see https://example.org/a, or (https://example.org/b).", '<p>see <a href="https://example.org/a">https://example.org/a</a>, or (<a href="https://example.org/b">https://example.org/b</a>).</p>'],
  "an address of mail": ["<mailto:a@example.org>", '<p><a href="mailto:a@example.org">a@example.org</a></p>'],
  "brackets that are no link": ["a[0] [x] (y) ]", "<p>a[0] [x] (y) ]</p>"],
  "a picture is a link": ["![a chart](https://example.org/c.png) ![](https://example.org/d.png)", '<p><a href="https://example.org/c.png">a chart</a> <a href="https://example.org/d.png">example.org</a></p>'],
  "a list": ["- a\n- b\n\n- c", "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>"],
  "a list in a list": ["- a\n  - b\n  - c\n- d", "<ul><li><p>a</p><ul><li><p>b</p></li><li><p>c</p></li></ul></li><li><p>d</p></li></ul>"],
  "a list in a numbered list, indented by two": ["1. a\n  - b\n2. c", "<ol><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>"],
  "numbers as the author gave them": ["3. a\n4. b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'],
  "paragraphs in an item": ["1. a\n\n   b\n\nc", "<ol><li><p>a</p><p>b</p></li></ol><p>c</p>"],
  "a list right behind a text": ["a:\n- b", "<p>a:</p><ul><li><p>b</p></li></ul>"],
  "a year is no list": ["in\n2024. And", "<p>in<br>2024. And</p>"],
  "two kinds of lists": ["- a\n1. b", "<ul><li><p>a</p></li></ul><ol><li><p>b</p></li></ol>"],
  "fenced code": ["```js\na <b>\n\n  c\n```\nd", "<figure><figcaption><span>js</span></figcaption><pre><code>a &lt;b>\n\n  c</code></pre></figure><p>d</p>"],
  "code in an item": ["- a\n  ```\n  b\n  ```\n- c", "<ul><li><p>a</p><figure><figcaption><span></span></figcaption><pre><code>b</code></pre></figure></li><li><p>c</p></li></ul>"],
  "a fence of tildes around one of backticks": ["~~~\n```\n~~~", "<figure><figcaption><span></span></figcaption><pre><code>```</code></pre></figure>"],
  "a fence that is never closed": ["```\na\n", "<figure><figcaption><span></span></figcaption><pre><code>a</code></pre></figure>"],
  "a quote": ["> a\n> > b\n\nc", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>"],
  "a rule": ["a\n\n---\n***\nb", "<p>a</p><hr><hr><p>b</p>"],
  "a table": ["| a | b |\n|---|--:|\n| 1 | **2** |\n| 3 \\| 4 |\n\nc", '<div><table><thead><tr><th>a</th><th align="end">b</th></tr></thead><tbody><tr><td>1</td><td align="end"><strong>2</strong></td></tr><tr><td>3 | 4</td><td align="end"></td></tr></tbody></table></div><p>c</p>'],
  "a table without outer bars, behind a text": ["text\na | b\n:-: | -\n1 | 2", '<p>text</p><div><table><thead><tr><th align="center">a</th><th>b</th></tr></thead><tbody><tr><td align="center">1</td><td>2</td></tr></tbody></table></div>'],
  "dashes under a text are a rule": ["a\n---", "<p>a</p><hr>"],
  "line breaks in cells": ["|a|b|\n|-|-|\n|1<br>2|3|", "<div><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1<br>2</td><td>3</td></tr></tbody></table></div>"],
  "line ends of other systems": ["a\r\n\r\nb", "<p>a</p><p>b</p>"],
};

for (const [name, [markdown, html]] of Object.entries(rendered)) {
  test(`renders ${name}`, () => assert.equal(whole(markdown), html));
}

test("renders the same however the text is cut", () => {
  const text = Object.values(rendered).map(([markdown]) => markdown.replaceAll("\r", "")).join("\n\n");
  const expected = whole(text);
  for (const size of [1, 2, 3, 7, 50]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g"));
    assert.equal(inPieces(pieces), expected, `pieces of ${size}`);
  }
});

test("renders the same in pieces and at once, whatever the text", () => {
  const marks = ["a", "b c", " ", "    ", "\t", "\n", "\n\n", "*", "**", "_", "~~", "`", "```", "~~~", "# ", "> ", "- ", "  - ", "1. ", "2. ", "|", "|a|b|\n", "|-|-|\n", "---", "[x]", "(https://a.b)", "![", "](", "http://x.y", "<br>", "<b>", "&amp;", "\\"];
  let seed = 42;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: 1 + random(25) }, () => marks[random(marks.length)]).join("");
    const pieces = [];
    for (let at = 0, end; at < text.length; at = end) {
      end = at + 1 + random(6);
      pieces.push(text.slice(at, end));
    }
    assert.equal(inPieces(pieces), whole(text), JSON.stringify(pieces));
  }
});

test("looks complete while it grows", () => {
  assert.equal(soFar("```js\nlet a"), "<figure><figcaption><span>js</span></figcaption><pre><code>let a</code></pre></figure>");
  assert.equal(soFar("|a|b|\n|-|-|\n|1|"), "<div><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table></div>");
  assert.equal(soFar("so\n| a | b"), "<p>so</p>");
  assert.equal(soFar("so **bo"), "<p>so <strong>bo</strong></p>");
  assert.equal(soFar("so `co"), "<p>so <code>co</code></p>");
  assert.equal(soFar("see [here](https://exam"), "<p>see here</p>");
});

test("does not show a marker before it knows what it is", () => {
  for (const marker of ["#", "-", "1.", ">", "``", "|", "**"]) {
    assert.equal(soFar(`a\n\n${marker}`), "<p>a</p>", marker);
  }
});

test("leaves blocks that are finished alone", () => {
  const root = document.createElement("div");
  const markdown = new StreamingMarkdown(root);
  markdown.append("one\n\n- two\n- thr");
  const [first] = root.childNodes;
  const [item] = root.childNodes[1].childNodes;
  markdown.append("ee\n\nfour");
  assert.equal(root.childNodes[0], first);
  assert.equal(root.childNodes[1].childNodes[0], item);
});

const attacks = [
  "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<details ontoggle=alert(1) open>", "<iframe srcdoc='<script>alert(1)</script>'>",
  "<script>alert(1)</script>", "<style>*{display:none}</style>", "<base href=//evil>", "<meta http-equiv=refresh content=0>",
  "<form action=//evil>", "<input autofocus onfocus=alert(1)>", "<object data=//evil>", "<math><mtext><script>alert(1)</script>",
  "<a id=cookie name=body class=x style=position:fixed href=//evil>x</a>",
  "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](jav&#x09;ascript:alert(1))", "[x](jav\tascript:alert(1))", "[x](data:text/html,x)",
  "[x](vbscript:x)", "[x](//evil)", "[x](/path)", "<javascript:alert(1)>", "![x](data:image/svg+xml,x)", "[a](<javascript:alert(1)>)",
];

const harmless = new Set(["div", "p", "code", "em", "strong", "del", "br", "figure", "figcaption", "span", "pre"]);

for (const attack of attacks) {
  test(`makes nothing of ${attack}`, () => {
    for (const pieces of [[attack], [...attack], ["```\n", attack]]) {
      made.clear();
      inPieces(pieces);
      assert.deepEqual([...made.keys()].filter((tag) => !harmless.has(tag)), []);
    }
  });
}

test("never asks another host for a picture", () => {
  made.clear();
  whole("![x](https://evil.example/?q=secret)");
  assert.equal(made.has("img"), false);
});

const MEGABYTE = 1 << 20;
const floods = {
  "brackets": "[", "closing brackets": "]", "quotes": ">", "stars": "*", "stars and letters": "*a ", "underscores": "_a_", "rules": "* ",
  "list markers": "- ", "backticks": "`", "backticks of all lengths": "`a``b```c````d`````e", "links": "[a](b", "open links": "[a](https://x", "spaces": " ",
  "headings": "# ", "heading ends": "#  ", "bars": "|", "rows": "|a|b|\n|-|-|\n", "dashes": "|-", "addresses": "https://a.", "dots": "https://a" + ".".repeat(5000), "exclamation marks": "![",
  "lines": "\n", "words": "word ", "lines of words": "word\n", "angles": "<", "ampersands": "&", "backslashes": "\\", "spaces and a link": "](" + " ".repeat(3000), "tabs": "\t",
  "quotes in lines": "> a\n> > b\n", "nested lists": Array.from({ length: 500 }, (_, i) => `${" ".repeat(2 * i)}- a\n`).join(""), "fences": "```\na\n```\n", "quoted fences": "``` a` ",
};

for (const [name, unit] of Object.entries(floods)) {
  const text = unit.repeat(MEGABYTE / unit.length);
  test(`renders a megabyte of ${name} within a second`, () => assertTakes(1000, () => whole(text)));
}

test("renders a table of a megabyte within a second", () => {
  assertTakes(1000, () => whole(`|a|b|\n|-|-|\n${"|1|*2*|\n".repeat(MEGABYTE / 8)}`));
});

test("shows what is beyond a chapter's length as it is", () => {
  const chapter = "*a* ".repeat(37_500);
  assert.ok(inPieces([chapter, "*b*", "\n*c*"]).endsWith("<em>a</em> </p><p>*b*\n*c*</p>"));
  assert.ok(inPieces([`${chapter}*b*`, "\n*c*"]).endsWith("<em>a</em> </p><p>*b*\n*c*</p>"));
});

test("shows a table beyond three thousand rows as it is", () => {
  const html = inPieces([`|a|b|\n|-|-|\n${"|1|2|\n".repeat(3_000)}|3|4|\n|5|6|`, "\n|7|8|"]);
  const rows = html.match(/<tr>/g).length;
  assert.ok(rows > 2_990 && rows < 3_002, rows);
  assert.match(html, /<\/table><\/div><p>\|1\|2\|\n.*\|7\|8\|<\/p>$/s);
});

test("takes time in proportion to the text when it comes in small pieces", () => {
  const pieces = (count) => Array.from({ length: count }, (_, i) => (i % 40 === 0 ? "\n\n- item " : "word **b** "));
  inPieces(pieces(2000));
  const few = milliseconds(() => inPieces(pieces(2000)));
  assertTakes(30 * few + 50, () => inPieces(pieces(20_000)));
});

function assertTakes(limit, work) {
  const taken = milliseconds(work);
  assert.ok(taken < limit, `${taken} ms`);
}

/** Of the processor's time: what else the machine has to do does not count. */
function milliseconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1000);
}
