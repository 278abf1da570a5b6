// @ts-check
/** Connections to the services: kept open between requests, cut when a service stays silent. */
import * as http from 'node:http';
import * as https from 'node:https';

/** uvicorn ends a connection after 5 s of idleness; who writes to it at that moment loses the request. */
const IDLE_MS = 4_000;

/** @param {typeof http.Agent} Base */
const patient = (Base) => class extends Base {
  /** @param {number} answerMs how long a service may be silent @param {number} [idleMs] how long a connection is kept */
  constructor(answerMs, idleMs = IDLE_MS) {
    super({ keepAlive: true, timeout: answerMs });
    this.answerMs = answerMs;
    this.idleMs = idleMs;
  }

  createConnection(/** @type {any} */ options, /** @type {any} */ done) {
    const socket = /** @type {any} */ (super.createConnection)(options, done);
    return socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
  }

  keepSocketAlive(/** @type {any} */ socket) {
    const kept = /** @type {any} */ (super.keepSocketAlive)(socket);
    socket.setTimeout(this.idleMs);
    return kept;
  }

  reuseSocket(/** @type {any} */ socket, /** @type {any} */ request) {
    socket.setTimeout(this.answerMs);
    super.reuseSocket(socket, request);
  }
};

/**
 * Agents by protocol. The runtime's `upstreamTimeout` makes abort signals for each request instead: a seventh of the
 * gateway's time, and its retries ask again what has just timed out.
 * @param {number} answerMs @param {number} [idleMs]
 */
export const agents = (answerMs, idleMs) => ({
  'http:': new (patient(http.Agent))(answerMs, idleMs),
  'https:': new (patient(/** @type {any} */ (https.Agent)))(answerMs, idleMs),
});
