import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ollama } from 'ollama';
import { brokenOff, brokenOffSoFar, model, server, weather } from '../environment.mjs';

const client = new Ollama({ host: server });
const tools = [{ type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } }];

test('models are listed and shown', async () => {
  const { models } = await client.list();
  assert.ok(models.some((one) => one.name === model), models.map((one) => one.name).join(' '));
  assert.ok((await client.show({ model })).details);
  assert.ok((await client.version()).version);
});

test('a chat is answered', async () => {
  const answer = await client.chat({ model, messages: [{ role: 'user', content: 'say hello' }] });
  assert.equal(answer.message.content, 'hello');
  assert.equal(answer.done, true);
  assert.ok(answer.prompt_eval_count > 0);
});

test('a chat is streamed', async () => {
  const pieces = [];
  for await (const part of await client.chat({ model, stream: true, messages: [{ role: 'user', content: 'count to 20' }] })) {
    if (part.message.content) pieces.push(part.message.content);
  }
  assert.equal(pieces.join(''), Array.from({ length: 20 }, (_, i) => i + 1).join(' '));
  assert.ok(pieces.length >= 20);
});

test('a tool is called and answered', async () => {
  const messages = [{ role: 'user', content: 'weather in Oslo' }];
  const asked = await client.chat({ model, messages, tools });
  const [call] = asked.message.tool_calls;
  assert.deepEqual(call.function.arguments, { place: 'Oslo' });
  messages.push(asked.message, { role: 'tool', tool_name: weather.name, content: 'Oslo: sunny' });
  assert.equal((await client.chat({ model, messages, tools })).message.content, 'Oslo: sunny');
});

test('a text is generated and embedded', async () => {
  assert.equal((await client.generate({ model, prompt: 'say hello' })).response, 'hello');
  assert.deepEqual((await client.embed({ model, input: ['a', 'bcd'] })).embeddings, [[1, 0.5], [3, 0.5]]);
});

test('errors are those of the client', async () => {
  await assert.rejects(client.chat({ model: 'none/m', messages: [{ role: 'user', content: 'x' }] }),
    (error) => error.status_code === 404 && error.error.length > 0);
});

test('a stream that is given up ends at the model', async () => {
  const before = await brokenOffSoFar();
  const stream = await client.chat({ model, stream: true, messages: [{ role: 'user', content: 'never stop' }] });
  for await (const part of stream) if (part.message.content) break;
  stream.abort();
  await brokenOff(before + 1);
});
