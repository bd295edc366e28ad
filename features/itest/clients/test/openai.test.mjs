import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI, { BadRequestError, InternalServerError, NotFoundError } from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { brokenOff, brokenOffSoFar, model, server, weather } from '../environment.mjs';

const client = new OpenAI({ baseURL: `${server}/v1`, apiKey: 'any', maxRetries: 0 });
const tool = { type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema, strict: true } };

test('models are listed and found', async () => {
  const ids = [];
  for await (const one of client.models.list()) ids.push(one.id);
  assert.ok(ids.includes(model), ids.join(' '));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test('a chat is answered', async () => {
  const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'say hello' }] });
  assert.equal(answer.choices[0].message.content, 'hello');
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.ok(answer.usage.total_tokens > 0);
});

test('a chat is streamed piece by piece', async () => {
  const stream = await client.chat.completions.create({
    model, stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'count to 20' }],
  });
  const pieces = [];
  let usage;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) pieces.push(chunk.choices[0].delta.content);
    usage = chunk.usage ?? usage;
  }
  assert.equal(pieces.join(''), Array.from({ length: 20 }, (_, i) => i + 1).join(' '));
  assert.ok(pieces.length >= 20);
  assert.ok(usage.completion_tokens > 0);
});

test('the helper for streams and tools runs a tool to the end', async () => {
  const places = [];
  const runner = client.chat.completions.runTools({
    model, stream: true, messages: [{ role: 'user', content: 'weather in Oslo and Rome' }],
    tools: [{
      type: 'function',
      function: {
        name: weather.name, description: weather.description, parameters: weather.schema, parse: JSON.parse,
        function: ({ place }) => { places.push(place); return `${place}: sunny`; },
      },
    }],
  });
  assert.equal(await runner.finalContent(), 'Oslo: sunny, Rome: sunny');
  assert.deepEqual(places, ['Oslo', 'Rome']);
});

test('an answer follows a schema and is parsed', async () => {
  const answer = await client.chat.completions.parse({
    model, messages: [{ role: 'user', content: 'json' }],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false } } },
  });
  assert.equal(JSON.parse(answer.choices[0].message.content).ok, true);
});

test('vectors come as numbers, whatever coding the client prefers', async () => {
  const answer = await client.embeddings.create({ model, input: ['a', 'bcd'] });
  assert.deepEqual(answer.data.map((one) => one.embedding), [[1, 0.5], [3, 0.5]]);
});

test('errors are those of the client', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'none/m', messages: [{ role: 'user', content: 'x' }] }),
    (error) => error instanceof NotFoundError && error.code === 'model_not_found');
  await assert.rejects(client.chat.completions.create({ model, messages: [] }),
    (error) => error instanceof BadRequestError && error.param === 'messages');
  await assert.rejects(client.chat.completions.create({ model, messages: [{ role: 'user', content: 'fail' }] }),
    (error) => error instanceof InternalServerError);
});

test('an error in the middle of a stream is thrown', async () => {
  const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'break' }] });
  let text = '';
  await assert.rejects(async () => { for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? ''; });
  assert.equal(text, 'half');
});

test('a stream that is given up ends at the model', async () => {
  const before = await brokenOffSoFar();
  const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'never stop' }] });
  for await (const chunk of stream) if (chunk.choices[0]?.delta?.content) break;
  stream.controller.abort();
  await brokenOff(before + 1);
});

test('a response is made, kept, followed and forgotten', async () => {
  const first = await client.responses.create({ model, input: 'say hello', instructions: 'be brief' });
  assert.equal(first.output_text, 'hello');
  assert.equal(first.status, 'completed');
  const second = await client.responses.create({ model, input: 'what did I say?', previous_response_id: first.id });
  assert.equal(second.output_text, 'say hello');
  assert.equal((await client.responses.retrieve(first.id)).output_text, 'hello');
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), NotFoundError);
});

test('a response is streamed with the events that the helper needs', async () => {
  const stream = client.responses.stream({
    model, input: 'weather in Oslo',
    tools: [{ type: 'function', name: weather.name, description: weather.description, parameters: weather.schema, strict: true }],
  });
  const types = [];
  for await (const event of stream) types.push(event.type);
  const response = await stream.finalResponse();
  const call = response.output.find((item) => item.type === 'function_call');
  assert.deepEqual(JSON.parse(call.arguments), { place: 'Oslo' });
  assert.equal(types[0], 'response.created');
  assert.ok(types.includes('response.function_call_arguments.done'));
  assert.equal(types.at(-1), 'response.completed');

  const answer = await client.responses.create({
    model, store: false, input: [{ role: 'user', content: 'weather in Oslo' }, ...response.output,
      { type: 'function_call_output', call_id: call.call_id, output: 'Oslo: rain' }],
  });
  assert.equal(answer.output_text, 'Oslo: rain');
});

test('a built-in tool is refused by name', async () => {
  await assert.rejects(client.responses.create({ model, input: 'x', tools: [{ type: 'web_search' }] }),
    (error) => error instanceof BadRequestError && error.code === 'unsupported' && error.param === 'tools[0].type');
});

test('responses come over a WebSocket', async () => {
  const socket = new ResponsesWS(client);
  after(() => socket.close());
  const texts = [];
  let previous;
  const inputs = ['say hello', 'what did I say?'];
  const next = () => socket.send({ type: 'response.create', model, store: false, input: inputs.shift(), previous_response_id: previous });
  next();
  for await (const event of socket.stream()) {
    if (event.type === 'error') throw event.error;
    if (event.type !== 'message') continue;
    const message = event.message;
    if (message.type === 'response.completed') {
      texts.push(message.response.output[0].content[0].text);
      previous = message.response.id;
      if (inputs.length === 0) break;
      next();
    }
  }
  socket.close();
  assert.deepEqual(texts, ['hello', 'say hello']);
});
