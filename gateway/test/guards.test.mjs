// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError } from 'graphql';
import { askAgain, endWithTheToken, tidy } from '../guards.mjs';

const failure = (/** @type {string} */ message, /** @type {any} */ extensions) => new GraphQLError(message, { extensions });

/** @param {AsyncIterable<any>} source @param {number} [exp] seconds since the epoch */
function subscribed(source, exp) {
  /** @type {any} */
  let result = source;
  const { onSubscribeResult } = endWithTheToken().onSubscribe({ args: { contextValue: { jwt: { payload: { exp } } } } });
  onSubscribeResult({ result, setResult: (/** @type {any} */ other) => (result = other) });
  return result;
}

async function all(/** @type {AsyncIterable<any>} */ events) {
  const seen = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test('an error keeps the address and query of the service inside', () => {
  const inside = { request: { url: 'http://funding:8000' }, response: {}, originalError: {}, stacktrace: [], exception: {} };
  const { errors } = tidy({ errors: [failure('no', { ...inside, code: 'FORBIDDEN' })] });
  assert.deepEqual(errors[0].extensions, { code: 'FORBIDDEN' });
});

test('a refused connection does not say the address', () => {
  const { errors } = tidy({ errors: [failure('connect ECONNREFUSED 10.0.0.7:8000', { serviceName: 'funding' })] });
  assert.equal(errors[0].message, 'The service funding cannot be reached.');
  assert.equal(errors[0].extensions.code, 'SERVICE_UNAVAILABLE');
});

test('a malformed token is unauthenticated like an expired one', () => {
  const { errors } = tidy({ errors: [failure('Invalid authentication token provided', { http: { status: 400 } })] });
  assert.deepEqual(errors[0].extensions, { code: 'UNAUTHENTICATED', http: { status: 401 } });
});

test('data beside an error are not dropped with a status of failure', () => {
  const error = () => failure('late', { code: 'GATEWAY_TIMEOUT', http: { status: 504 } });
  assert.equal(tidy({ data: { a: 1 }, errors: [error()] }).errors[0].extensions.http, undefined);
  assert.equal(tidy({ errors: [error()] }).errors[0].extensions.http.status, 504);
});

test('a service that cannot be reached is named', async () => {
  /** @type {any} */
  let executor = async () => { throw failure('fetch failed', { code: 'SUBREQUEST_HTTP_ERROR' }); };
  askAgain().onSubgraphExecute({ subgraphName: 'review', executionRequest: {}, executor, setExecutor: (/** @type {any} */ other) => (executor = other) });
  const { errors } = await executor({});
  assert.equal(errors[0].message, 'The service review cannot be reached.');
  assert.equal(errors[0].extensions.code, 'SERVICE_UNAVAILABLE');
});

test('a subscription ends with the token that opened it, also while nothing happens', async () => {
  let left = false;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => ((left = true), { done: true, value: undefined }),
    }),
  };
  const seen = await all(subscribed(/** @type {any} */ (source), Date.now() / 1000 + 0.05));
  assert.equal(seen.length, 1);
  assert.equal(seen[0].errors[0].extensions.code, 'TOKEN_EXPIRED');
  assert.ok(left, 'the source is left');
});

test('events pass in order, tidied, and the end of the source is the end', async () => {
  async function* source() {
    yield { data: { a: 1 } };
    yield { errors: [failure('no', { request: {}, code: 'FORBIDDEN' })] };
  }
  const [first, second, ...rest] = await all(subscribed(source(), Date.now() / 1000 + 60));
  assert.deepEqual(first, { data: { a: 1 } });
  assert.deepEqual(second.errors[0].extensions, { code: 'FORBIDDEN' });
  assert.equal(rest.length, 0);
});

test('a token that lasts longer than a timer can count does not end at once', async () => {
  async function* source() {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield { data: {} };
  }
  assert.deepEqual(await all(subscribed(source(), Date.now() / 1000 + 100 * 86_400)), [{ data: {} }]);
});
