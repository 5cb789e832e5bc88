import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { DifySocket } from "dify-jakarta/socket";
import { WebSocket, WebSocketServer } from "ws";

test("chats over a real socket and comes back to a server that was restarted", async () => {
  let server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address();
  const asked = [];
  const answering = (socket, request) =>
    socket.on("message", (text) => {
      asked.push([request.url, JSON.parse(text)]);
      socket.send('{"type":"chunk","content":"Hi"}');
      socket.send('{"type":"done","full_answer":"Hi","conversation_id":"c1"}');
    });
  server.on("connection", answering);
  const states = [];
  let open;
  const onState = (state) => states.push(state) && state === "open" && open?.();
  const chat = new DifySocket(`http://127.0.0.1:${port}/shop/dify-ws/default`, { WebSocket, onState });

  const contents = [];
  for await (const frame of chat.ask("Hello")) {
    contents.push(frame.content ?? frame.full_answer);
  }
  assert.deepEqual(contents, ["Hi", "Hi"]);

  const back = new Promise((resolve) => (open = resolve));
  server.clients.forEach((client) => client.close(1001, "restart"));
  server.close();
  await once(server, "close");
  server = new WebSocketServer({ host: "127.0.0.1", port });
  server.on("connection", answering);
  await back;
  for await (const frame of chat.ask("Again")) {
    assert.ok(frame.type);
  }
  assert.deepEqual(asked, [
    ["/shop/dify-ws/default", { query: "Hello", inputs: {}, conversation_id: "" }],
    ["/shop/dify-ws/default", { query: "Again", inputs: {}, conversation_id: "c1" }],
  ]);
  assert.deepEqual(states, ["connecting", "open", "waiting", "connecting", "open"]);
  chat.close();
  server.close();
});
