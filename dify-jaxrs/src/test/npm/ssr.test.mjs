import assert from "node:assert/strict";
import { test } from "node:test";
import { useDifyChat } from "dify-jakarta/react";
import { createElement, version } from "react";
import { renderToString } from "react-dom/server";

function Chat({ options }) {
  const { messages, status } = useDifyChat(options);
  return createElement("p", null, `${status}, ${messages.length} messages`);
}

test(`React ${version} renders on a server, where there is no window`, () => {
  assert.equal(typeof window, "undefined");
  assert.equal(renderToString(createElement(Chat, { options: { app: "sales" } })), "<p>ready, 0 messages</p>");
  assert.equal(renderToString(createElement(Chat)), "<p>ready, 0 messages</p>");
});
