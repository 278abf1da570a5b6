// @ts-check
/** The gateway as a process, in front of services that answer with the name of whoever asks them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '../services.mjs';

const ENTRIES = '{ entries(first: 1) { edges { node { number } } } }';
const WITHDRAW = 'mutation { withdrawApplication(input: { applicationId: "1" }) { refusal { findings { article } } } }';
const TIMEOUT_MS = 400;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** @type {{ who: string, body: string }[]} what the services were asked */
let asked = [];
/** @type {(response: import('node:http').ServerResponse, body: string, who: string) => void} */
let answer;
let left = 0;
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {any} server @returns {Promise<number>} */
const listening = async (server) => (await once(server.listen(0, '127.0.0.1'), 'listening'), server.address().port);

const service = createServer(async (incoming, response) => {
  let body = '';
  for await (const part of incoming) body += part;
  const [, claims] = (incoming.headers.authorization ?? '').split('.');
  const who = claims ? JSON.parse(Buffer.from(claims, 'base64url').toString()).sub : 'visitor';
  response.once('close', () => (left += response.writableFinished ? 0 : 1));
  asked.push({ who, body });
  answer(response, body, who);
});
const issuer = createServer((_, response) => void response.end(JSON.stringify({
  keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }],
})));

const said = (/** @type {any} */ response, /** @type {unknown} */ data) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
const named = (/** @type {any} */ response, /** @type {string} */ body, /** @type {string} */ who) => said(response,
  body.includes('withdraw') ? { withdrawApplication: { refusal: null } } : { entries: { edges: [{ node: { number: who } }] } });

/** @type {Record<string, string>} */
const environment = { PATH: process.env.PATH ?? '', VISITORS: 'free', LABORATORY: 'off', UPSTREAM_TIMEOUT_MS: `${TIMEOUT_MS}` };
const folder = fileURLToPath(new URL('..', import.meta.url));
/** @type {import('node:child_process').ChildProcess} */
let gateway;
let port = 0;

/** @param {string[]} [flags] of Node */
async function started(flags = []) {
  const probe = createServer();
  port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  return spawn(process.execPath, [...flags, 'serve.mjs'], { cwd: folder, env: { ...environment, PORT: `${port}` } });
}

before(async () => {
  environment.JIEBANG_ISSUER = `http://127.0.0.1:${await listening(issuer)}`;
  const address = `http://127.0.0.1:${await listening(service)}/graphql`;
  for (const name of SERVICES) environment[`${name.toUpperCase()}_URL`] = address;
  gateway = await started();
  await once(/** @type {any} */ (gateway.stdout), 'data');
});
after(async () => {
  for (const server of [service, issuer]) server.close().closeAllConnections();
  gateway.kill();
  await once(gateway, 'exit');
});
beforeEach(() => {
  asked = [];
  left = 0;
  answer = (response, body, who) => setTimeout(named, 150, response, body, who);
});

/** @type {Map<string, string>} one each: of two signatures no two are alike */
const tokens = new Map();

/** @param {string} sub */
function token(sub) {
  const encoded = (/** @type {unknown} */ part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: environment.JIEBANG_ISSUER, aud: 'jiebang', sub, iat: now, exp: now + 60 };
  const text = `${encoded({ alg: 'ES256', kid: 'k' })}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
  if (!tokens.has(sub)) tokens.set(sub, `${text}.${signature.toString('base64url')}`);
  return tokens.get(sub);
}

/** @param {string} query @param {string} [who] nobody: a visitor @param {any} [more] of fetch */
async function ask(query, who, more = {}) {
  const headers = { 'content-type': 'application/json', ...(who && { authorization: `Bearer ${token(who)}` }) };
  const signal = AbortSignal.timeout(5_000);
  const sent = { method: 'POST', headers, body: JSON.stringify({ query }), signal, ...more };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, sent);
  return { status: response.status, keepAlive: response.headers.get('keep-alive'), .../** @type {any} */ (await response.json()) };
}
const whoWasNamed = (/** @type {any} */ { data }) => data.entries.edges[0].node.number;

test('who asks the same at the same moment gets an answer of his own', async () => {
  const people = ['li', 'wang', undefined, 'li', 'zhao', undefined, 'wang'];
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(people.map((who) => ask(ENTRIES, who)));
    assert.deepEqual(answers.map(whoWasNamed), people.map((who) => who ?? 'visitor'));
  }
});

test('visitors share an execution, and each new question is asked anew', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(ENTRIES)));
  assert.ok(answers.every((one) => whoWasNamed(one) === 'visitor'));
  assert.equal(asked.length, 1);
  await ask(ENTRIES);
  assert.equal(asked.length, 2, 'nothing is kept');
});

test('with a token nothing is shared: an answer is never older than its question', async () => {
  await Promise.all([ask(ENTRIES, 'li'), ask(ENTRIES, 'li')]);
  assert.equal(asked.length, 2);
});

test('other questions and mutations are not shared', async () => {
  await Promise.all([ask(ENTRIES), ask(ENTRIES.replace('1', '2')), ask(WITHDRAW), ask(WITHDRAW)]);
  assert.equal(asked.length, 4);
});

test('a visitor who leaves takes no answer away from those who share it', async () => {
  const leaving = new AbortController();
  const gone = ask(ENTRIES, undefined, { signal: leaving.signal });
  await pause(50);
  const staying = ask(ENTRIES);
  await pause(50);
  leaving.abort();
  await assert.rejects(gone);
  assert.equal(whoWasNamed(await staying), 'visitor');
});

test('a service that is silent is named, left in time, and not asked again', async () => {
  answer = () => {};
  const began = Date.now();
  const { status, errors } = await ask(ENTRIES, 'li');
  assert.ok(Date.now() - began < 2 * TIMEOUT_MS);
  assert.equal(errors[0].extensions.code, 'GATEWAY_TIMEOUT');
  assert.equal(errors[0].message, 'The service bulletin did not answer in time.');
  assert.equal(status, 504);
  await pause(200);
  assert.deepEqual([asked.length, left], [1, 1]);
});

test('a query whose connection broke is asked once more, a mutation is not', async () => {
  answer = (response, body, who) => (asked.length === 1 ? response.destroy() : named(response, body, who));
  assert.equal(whoWasNamed(await ask(ENTRIES, 'li')), 'li');
  assert.equal(asked.length, 2);
  asked = [];
  const { errors } = await ask(WITHDRAW, 'li');
  assert.equal(errors[0].extensions.code, 'SERVICE_UNAVAILABLE');
  assert.equal(asked.length, 1);
});

test('a proxy may keep its connection for a minute', async () => {
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(request({ port, host: '127.0.0.1', path: '/healthcheck', agent }).end(), 'response');
  assert.equal(response.headers['keep-alive'], 'timeout=65');
  agent.destroy();
});

test('a gateway that is told to stop answers what it was asked, and is gone', async () => {
  const others = port;
  const stopping = await started();
  await once(stopping.stdout, 'data');
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json' };
  const asking = request({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers, agent });
  asking.end(JSON.stringify({ query: ENTRIES }));
  while (asked.length === 0) await pause(5);
  stopping.kill();
  const began = Date.now();
  const [response] = await once(asking, 'response');
  assert.equal(response.statusCode, 200);
  response.resume();
  await once(stopping, 'exit');
  assert.ok(Date.now() - began < 4_000, 'a kept connection does not keep it');
  port = others;
});

/** A planner instead of the Rust one: `source` of the module. */
const instead = (/** @type {string} */ source) => {
  const module = `data:text/javascript,${encodeURIComponent(source)}`;
  const hooks = `export const resolve = (name, context, next) => name === '@graphql-hive/router-query-planner'
    ? { url: ${JSON.stringify(module)}, shortCircuit: true } : next(name, context);`;
  const preload = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
};
for (const [what, source, complaint] of [
  ['cannot be loaded', "throw new Error('Cannot find native binding');", /Cannot find native binding/],
  ['is another', 'export class QueryPlanner { overrideLabels = []; overridePercentages = []; }', /the Rust planner is not loaded/],
]) {
  test(`a gateway whose planner ${what} does not start`, async () => {
    const refusing = await started(instead(/** @type {string} */ (source)));
    let complained = '';
    refusing.stderr.on('data', (part) => (complained += part));
    refusing.stdout.on('data', (part) => (complained += part) && part.includes('listening') && refusing.kill());
    const [code] = await once(refusing, 'exit');
    assert.equal(code, 1);
    assert.match(complained, /** @type {RegExp} */ (complaint));
    assert.doesNotMatch(complained, /listening/);
  });
}
