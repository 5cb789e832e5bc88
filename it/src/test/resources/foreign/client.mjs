// What a front end with Dify's own client does, against the relay: node client.mjs <base> <name of the user>
import assert from 'node:assert/strict';
import {ChatClient, CompletionClient} from 'dify-client';

const [base, user] = process.argv.slice(2);
const chat = new ChatClient(`app-${user}`, `${base}/default`);
const text = new CompletionClient(`app-${user}`, `${base}/text`);
const flow = new CompletionClient(`app-${user}`, `${base}/flow`);

async function events(response) {
  let received = '';
  for await (const chunk of response.data) {
    received += chunk;
  }
  return received.split('\n\n')
      .filter(frame => frame.startsWith('data: '))
      .map(frame => JSON.parse(frame.slice('data: '.length)));
}

const steps = {
  async parameters() {
    const {data} = await chat.getApplicationParameters(user);
    assert.ok(Array.isArray(data.user_input_form));
  },
  async streaming() {
    const all = await events(await chat.createChatMessage({}, 'Where is order 4711?', user, true));
    assert.ok(all.some(event => event.event === 'message'));
    assert.ok(all.some(event => event.event === 'message_end'));
  },
  async conversation() {
    const {data: answer} = await chat.createChatMessage({}, 'Where is order 4711?', user);
    assert.ok(answer.answer);
    const id = answer.conversation_id;
    const {data: next} = await chat.createChatMessage({}, 'And 4712?', user, false, id);
    assert.equal(next.conversation_id, id);
    const {data: messages} = await chat.getConversationMessages(user, id);
    assert.equal(messages.data.length, 2);
    await chat.messageFeedback(next.message_id, 'like', user);
    const {data: renamed} = await chat.renameConversation(id, 'Orders', user, false);
    assert.equal(renamed.name, 'Orders');
    const {data: conversations} = await chat.getConversations(user);
    assert.ok(conversations.data.some(conversation => conversation.id === id));
    const deleted = await chat.deleteConversation(id, user);
    assert.equal(deleted.status, 204);
    await assert.rejects(chat.getConversationMessages(user, id), error => error.response.status === 404);
  },
  async upload() {
    const form = new FormData();
    form.append('user', user);
    form.append('file', new Blob(['to be read'], {type: 'text/plain'}), 'note.txt');
    const {status, data: file} = await chat.fileUpload(form);
    assert.equal(status, 201);
    const files = [{type: 'document', transfer_method: 'local_file', upload_file_id: file.id}];
    const {data: answer} = await chat.createChatMessage({}, 'What does it say?', user, false, null, files);
    const {data: messages} = await chat.getConversationMessages(user, answer.conversation_id);
    assert.equal(messages.data[0].message_files[0].filename, 'note.txt');
  },
  async completion() {
    const {data} = await text.createCompletionMessage({topic: 'orders'}, user);
    assert.equal(data.mode, 'completion');
    const all = await events(await text.createCompletionMessage({topic: 'orders'}, user, true));
    assert.equal(all.at(-1).event, 'message_end');
  },
  async workflow() {
    const {data} = await flow.runWorkflow({order: '4711'}, user);
    assert.equal(data.data.status, 'succeeded');
    const all = await events(await flow.runWorkflow({order: '4711'}, user, true));
    assert.equal(all.at(-1).event, 'workflow_finished');
  },
};

for (const [name, step] of Object.entries(steps)) {
  await step();
  console.log(`done ${name}`);
}
