// @ts-check
/** `node --import`: notes when the gateway is asked, and when it asks; on exit it writes all to the file HOPS. */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

/** @type {{ port: number, from: number, to: number }[]} the port is 0 for what the gateway itself was asked */
const noted = [];
const begun = new WeakMap();
const begin = (/** @type {any} */ { request }) => void begun.set(request, performance.now());
const end = (/** @type {(request: any) => number} */ port) => (/** @type {any} */ { request }) =>
  void noted.push({ port: port(request), from: begun.get(request), to: performance.now() });

subscribe('http.client.request.start', begin);
subscribe('http.server.request.start', begin);
subscribe('http.client.response.finish', end((request) => request.socket.remotePort));
subscribe('http.server.response.finish', end(() => 0));
process.on('exit', () => writeFileSync(/** @type {string} */ (process.env.HOPS), JSON.stringify(noted)));
