// @ts-check
/** What an operator sees of the gateway: counts, lines, steps of traces. None of them tells what a person entered. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '../services.mjs';

const NAME = '欧阳测试', CODE = '91330000MA00000X1Y', PERSON = 'P-330106199001011234';
const SECRETS = [NAME, CODE, PERSON, encodeURIComponent(NAME)];
const ENTRIES = '{ entries(first: 1) { edges { node { number } } } }';
/** A name in the document, in an alias, in a variable. */
const NAMED = `query ($a: ID!) { x${CODE}: unit(code: "${CODE}") { name } application(id: $a) { id } }`;
const ID = '0198c4de-0000-4000-8000-000000000001';

/** @type {(response: import('node:http').ServerResponse) => void} */
let answer;
/** @type {{ traceparent?: string, requestId?: string }[]} */
let asked = [];
/** @type {any[]} */
let steps = [];
/** @type {string[]} */
let lines = [];
/** @type {import('node:child_process').ChildProcess} */
let gateway;
let port = 0, metricsPort = 0;

/** @param {any} server @returns {Promise<number>} */
const listening = async (server) => (await once(server.listen(0, '127.0.0.1'), 'listening'), server.address().port);
const service = createServer(async (incoming, response) => {
  for await (const _ of incoming);
  asked.push({ traceparent: String(incoming.headers.traceparent), requestId: String(incoming.headers['x-request-id']) });
  answer(response);
});
const collector = createServer(async (incoming, response) => {
  let body = '';
  for await (const part of incoming) body += part;
  steps.push(...JSON.parse(body).resourceSpans.flatMap((/** @type {any} */ one) => one.scopeSpans.flatMap((/** @type {any} */ each) => each.spans)));
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
async function free() {
  const probe = createServer();
  const found = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  return found;
}
async function begin() {
  [port, metricsPort] = [await free(), await free()];
  const address = `http://127.0.0.1:${service.address().port}/graphql`;
  const places = Object.fromEntries(SERVICES.map((name) => [`${name.toUpperCase()}_URL`, address]));
  const env = {
    PATH: process.env.PATH ?? '', VISITORS: 'free', LABORATORY: 'off', JIEBANG_ISSUER: 'http://127.0.0.1:1', PORT: `${port}`, ...places,
    METRICS_PORT: `${metricsPort}`, JIEBANG_TRACES: `http://127.0.0.1:${collector.address().port}/v1/traces`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
  gateway = spawn(process.execPath, ['serve.mjs'], { cwd: fileURLToPath(new URL('..', import.meta.url)), env });
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ part) => lines.push(...part.split('\n').filter(Boolean)));
  }
  await once(/** @type {any} */ (gateway.stdout), 'data');
}
before(async () => {
  await listening(service);
  await listening(collector);
  await begin();
});
after(async () => {
  gateway.kill();
  await once(gateway, 'exit');
  for (const server of [service, collector]) server.close().closeAllConnections();
});
beforeEach(() => {
  [asked, steps, lines] = [[], [], []];
  answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ data: { entries: { edges: [] } } }));
});

/** @param {string} query @param {any} [variables] @param {Record<string, string>} [headers] */
const ask = (query, variables, headers = {}) => fetch(`http://127.0.0.1:${port}/graphql`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }),
});
/** @param {() => boolean} there */
async function until(there) {
  for (let tries = 0; tries < 100 && !there(); tries++) await new Promise((resolve) => setTimeout(resolve, 30));
  assert.ok(there(), 'it did not come');
}
const fails = (/** @type {import('node:http').ServerResponse} */ response) => void response
  .writeHead(200, { 'content-type': 'application/json' })
  .end(JSON.stringify({ data: null, errors: [{ message: `${NAME} (${CODE}) is not ${PERSON}`, extensions: { code: 'UNEXPECTED', stacktrace: [NAME] } }] }));
/** A server between says something in its own words, quoting what was asked. */
const garbles = (/** @type {import('node:http').ServerResponse} */ response) => void response
  .writeHead(502, { 'content-type': 'text/html' }).end(`<html>${NAME} ${CODE} ${PERSON}`);
const breaks = (/** @type {import('node:http').ServerResponse} */ response) => void response.destroy();

test('requests, questions to services and errors are counted, on a port that clients do not reach', async () => {
  await ask(ENTRIES);
  answer = fails;
  await ask('{ application(id: "1") { id } }');
  answer = breaks;
  await ask('{ project(id: "1") { id } }');
  await ask('{ nothing');
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  for (const line of [
    /^jiebang_gateway_request_seconds_count\{kind="query",status="200"\} [1-9]/m,
    /^jiebang_gateway_request_seconds_count\{kind="none",status="200"\} [1-9]/m,
    /^jiebang_gateway_subgraph_seconds_count\{subgraph="bulletin",outcome="ok"\} [1-9]/m,
    /^jiebang_gateway_subgraph_seconds_count\{subgraph="application",outcome="error"\} [1-9]/m,
    /^jiebang_gateway_subgraph_seconds_count\{subgraph="[a-z]+",outcome="absent"\} [1-9]/m,
    /^jiebang_gateway_errors_total\{code="SERVICE_UNAVAILABLE"\} [1-9]/m,
    /^jiebang_gateway_errors_total\{code="UNEXPECTED"\} [1-9]/m,
  ]) assert.match(text, line);
  assert.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 404);
  for (const secret of SECRETS) assert.ok(!text.includes(secret));
});

test('lines are JSON, belong to their request and hold nothing that a person entered', async () => {
  for (answer of [fails, breaks, garbles]) {
    const { headers } = await ask(NAMED, { a: PERSON }, { 'x-request-id': ID });
    assert.equal(headers.get('x-request-id'), ID);
    await ask(`query Q { entries(first: 1, field: "${NAME}") { edges { cursor } } }`, { a: PERSON });
    await ask(`{ ${NAME} }`);
    await fetch(`http://127.0.0.1:${port}/graphql?query=${encodeURIComponent(`{ x(a: "${NAME}") }`)}`);
  }
  await until(() => lines.some((line) => line.includes('cannot be reached')));
  const said = lines.map((line) => JSON.parse(line));
  assert.ok(said.every((line) => line.time && line.level && line.service === 'gateway' && line.message));
  const unreachable = said.find((line) => /cannot be reached/.test(line.message) && line.correlation_id === ID);
  assert.ok(unreachable?.error?.code, JSON.stringify(said));
  for (const secret of SECRETS) assert.ok(!lines.join('\n').includes(secret), lines.join('\n'));
});

test('an id that is none is replaced, so that no text of others gets into logs and events', async () => {
  const { headers } = await ask(ENTRIES, {}, { 'x-request-id': NAME.length + PERSON });
  assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(asked[0].requestId, headers.get('x-request-id'));
});

test('a request is one trace: its step, and below it each question to a service, which hears of it', async () => {
  const foreign = '00-11111111111111111111111111111111-2222222222222222-01';
  answer = breaks;
  await ask(NAMED, { a: PERSON }, { traceparent: foreign });
  await ask('{ application(id: "1") { id } }', undefined, { traceparent: foreign });
  await until(() => steps.some((step) => step.name === 'graphql') && steps.length >= 3);
  const root = steps.findLast((step) => step.name === 'graphql');
  const below = steps.filter((step) => step.traceId === root.traceId && step !== root);
  assert.notEqual(root.traceId, foreign.split('-')[1], 'a client does not say what is traced');
  assert.ok(!root.parentSpanId);
  assert.deepEqual(below.map((step) => [step.name, step.parentSpanId, step.status.code]),
    Array(2).fill(['ask application', root.spanId, 2]), 'asked once more: each attempt is a step');
  const heard = asked.filter((one) => one.traceparent?.includes(root.traceId)).map((one) => one.traceparent);
  assert.deepEqual(heard.sort(), below.map((step) => `00-${step.traceId}-${step.spanId}-01`).sort());
  for (const secret of SECRETS) assert.ok(!JSON.stringify(steps).includes(secret));
});

test('a collector that is away keeps a gateway neither from answering nor from ending', async () => {
  collector.close().closeAllConnections();
  assert.equal((await ask(ENTRIES)).status, 200);
  const began = Date.now();
  gateway.kill();
  await once(gateway, 'exit');
  assert.ok(Date.now() - began < 4_000);
  await listening(collector);
  await begin();
});
