import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic, { NotFoundError, BadRequestError } from '@anthropic-ai/sdk';
import { brokenOff, brokenOffSoFar, model, server, weather } from '../environment.mjs';

const client = new Anthropic({ baseURL: server, apiKey: 'any', maxRetries: 0 });
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];

test('a message is answered', async () => {
  const answer = await client.messages.create({ model, max_tokens: 64, system: 'be brief', messages: [{ role: 'user', content: 'say hello' }] });
  assert.equal(answer.content[0].text, 'hello');
  assert.equal(answer.stop_reason, 'end_turn');
  assert.ok(answer.usage.input_tokens > 0);
});

test('a message is streamed', async () => {
  const stream = client.messages.stream({ model, max_tokens: 64, messages: [{ role: 'user', content: 'count to 20' }] });
  const pieces = [];
  stream.on('text', (piece) => pieces.push(piece));
  const answer = await stream.finalMessage();
  assert.equal(pieces.join(''), Array.from({ length: 20 }, (_, i) => i + 1).join(' '));
  assert.ok(pieces.length >= 20);
  assert.equal(answer.stop_reason, 'end_turn');
});

test('tools are called at the same time and answered', async () => {
  const messages = [{ role: 'user', content: 'weather in Oslo and Rome' }];
  const asked = await client.messages.stream({ model, max_tokens: 64, messages, tools }).finalMessage();
  assert.equal(asked.stop_reason, 'tool_use');
  const calls = asked.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(calls.map((call) => call.input.place), ['Oslo', 'Rome']);
  messages.push({ role: 'assistant', content: asked.content });
  messages.push({ role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: `${call.input.place}: sunny` })) });
  const answer = await client.messages.create({ model, max_tokens: 64, messages, tools });
  assert.equal(answer.content[0].text, 'Oslo: sunny, Rome: sunny');
});

test('tokens are counted', async () => {
  const count = await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'say hello' }] });
  assert.ok(count.input_tokens > 0);
});

test('errors are those of the client', async () => {
  await assert.rejects(client.messages.create({ model: 'none/m', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }),
    (error) => error instanceof NotFoundError && error.error.error.type === 'not_found_error');
  await assert.rejects(client.messages.create({ model, max_tokens: 9, messages: [] }), BadRequestError);
});

test('a stream that is given up ends at the model', async () => {
  const before = await brokenOffSoFar();
  const stream = client.messages.stream({ model, max_tokens: 64, messages: [{ role: 'user', content: 'never stop' }] });
  stream.done().catch(() => {});
  await new Promise((resolve) => stream.once('text', resolve));
  stream.abort();
  await brokenOff(before + 1);
});
