// @ts-check
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { after, before, test } from 'node:test';
import { agents } from '../upstream.mjs';

const IDLE_MS = 100;
let connections = 0;
const server = createServer((incoming, response) => {
  incoming.resume();
  if (incoming.url !== '/silent') response.end('done');
});
server.on('connection', () => connections++);
/** @type {any} */
let address;
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = server.address();
});
after(() => server.close().closeAllConnections());

/** @param {any} agent @param {string} [path] */
async function ask(agent, path = '/') {
  const asking = request({ port: address.port, host: '127.0.0.1', path, agent }).end();
  const [response] = await once(asking, 'response');
  response.resume();
  await once(response, 'close');
}
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('a connection is used again, and given up before the service ends it', async () => {
  const agent = agents(5_000, IDLE_MS)['http:'];
  connections = 0;
  for (let turn = 0; turn < 3; turn++) await ask(agent);
  assert.equal(connections, 1);
  await pause(3 * IDLE_MS);
  await ask(agent);
  assert.equal(connections, 2);
  agent.destroy();
});

test('a used connection has as long to answer as a new one, and its silence ends it', async () => {
  const agent = agents(4 * IDLE_MS, IDLE_MS)['http:'];
  for (let turn = 0; turn < 2; turn++) {
    await ask(agent);
    const began = Date.now();
    await assert.rejects(ask(agent, '/silent'), { code: 'ETIMEDOUT' });
    assert.ok(Date.now() - began >= 4 * IDLE_MS - 5);
  }
  agent.destroy();
});

test('what is kept idle is kept shorter than uvicorn keeps it', () => {
  assert.ok(agents(10_000)['http:'].idleMs < 5_000);
  assert.ok(agents(10_000)['https:'].idleMs < 5_000);
});
