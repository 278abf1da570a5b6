// @ts-check
/** What no option of the gateway does: subscriptions end with their token, errors keep the inside inside. */
import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { log } from './logs.mjs';

const INSIDE = ['request', 'response', 'originalError', 'stacktrace', 'exception', 'unexpected'];

/** @type {Record<number, string>} */
const CODES = { 400: 'BAD_REQUEST', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN' };

/** How Node says that somebody does not answer; it says the address too. */
const UNREACHABLE = /\b(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|socket hang up|fetch failed)\b/;

/** What the JWT plugin calls a bad request is a bad token. */
const BAD_TOKEN = /^(Invalid authentication token|Invalid JWT authentication|Authentication header was set)/;

/** @param {string} message @param {string} code @param {number} status of HTTP */
export const problem = (message, code, status) => new GraphQLError(message, { extensions: { code, http: { status } } });

/** Addresses and queries of the services are not for clients; every error has a code. */
export function tidy(/** @type {any} */ result) {
  for (const error of [result].flat().flatMap((one) => one?.errors ?? [])) {
    const extensions = (error.extensions ??= {});
    for (const key of INSIDE) delete extensions[key];
    if (UNREACHABLE.test(error.message)) {
      error.message = `The service ${extensions.serviceName ?? 'asked'} cannot be reached.`;
      extensions.code = 'SERVICE_UNAVAILABLE';
    }
    if (BAD_TOKEN.test(error.message)) {
      extensions.code = 'UNAUTHENTICATED';
      extensions.http = { ...extensions.http, status: 401 };
    }
    extensions.code ??= CODES[extensions.http?.status];
    // A part that failed is no failure of the whole: clients would drop the data with the 504.
    if (result?.data) delete extensions.http;
  }
  return result;
}

/** Answers over HTTP; those over WebSocket pass `tidy` in serve.mjs, events in `until`. */
export const hideTheInside = () => ({
  onResultProcess: (/** @type {any} */ { result }) => void tidy(result),
});

const RETRY_MS = 50;

/** @param {any} error whether a service gave no answer at all */
const absent = (error) => error.extensions?.code === 'SUBREQUEST_HTTP_ERROR';

/** @param {any} error whether it took the question and stayed silent: asked again it would only have more to do */
const silent = (error) => error.originalError?.code === 'ETIMEDOUT';

/**
 * A query that met a broken connection is asked once more; a service that is away or silent is named as such.
 * Each attempt has a request of its own: the executor takes the headers out, and the runtime's own retries went
 * on without the token, as a visitor's.
 */
export const askAgain = () => ({
  onSubgraphExecute: (/** @type {any} */ { subgraphName, executionRequest, executor, setExecutor }) => {
    const name = (/** @type {any} */ error) => {
      if (!absent(error)) return error;
      const requestId = executionRequest.context?.request?.headers.get('x-request-id');
      log('error', `${subgraphName} cannot be reached`, { requestId, subgraph: subgraphName, error: error.originalError ?? error });
      return silent(error)
        ? problem(`The service ${subgraphName} did not answer in time.`, 'GATEWAY_TIMEOUT', 504)
        : problem(`The service ${subgraphName} cannot be reached.`, 'SERVICE_UNAVAILABLE', 503);
    };
    setExecutor(async (/** @type {any} */ request) => {
      const attempt = () => Promise.resolve(executor({ ...request })).catch((error) => ({ errors: [error] }));
      let result = await attempt();
      const again = (/** @type {any} */ error) => absent(error) && !silent(error);
      if (executionRequest.operationType === 'query' && result?.errors?.some(again)) {
        await pause(RETRY_MS);
        result = await attempt();
      }
      return result?.errors ? { ...result, errors: result.errors.map(name) } : result;
    });
  },
});

/** Aborted when the gateway stops: subscriptions complete, clients reconnect elsewhere. */
export const closing = new AbortController();

/** A subscription must not outlive the token that opened it. */
export const endWithTheToken = () => ({
  onSubscribe: (/** @type {any} */ { args }) => ({
    onSubscribeResult(/** @type {any} */ { result, setResult }) {
      const seconds = args.contextValue?.jwt?.payload?.exp ?? Infinity;
      if (Symbol.asyncIterator in Object(result)) setResult(until(result, seconds * 1000));
    },
  }),
});

/** @param {AsyncIterable<any>} events @param {number} deadline milliseconds since the epoch */
async function* until(events, deadline) {
  const iterator = events[Symbol.asyncIterator]();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {() => void} */
  let close = () => {};
  const ended = new Promise((resolve) => {
    // Longer than 24 days overflows and fires at once.
    const left = deadline - Date.now();
    if (left < 2 ** 31) timer = setTimeout(resolve, left, 'expired');
    closing.signal.addEventListener('abort', (close = () => resolve({ done: true })));
  });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next === 'expired') {
        yield { errors: [new GraphQLError('The token has expired.', { extensions: { code: 'TOKEN_EXPIRED' } })] };
        return;
      }
      if (next.done) return;
      yield tidy(next.value);
    }
  } finally {
    clearTimeout(timer);
    closing.signal.removeEventListener('abort', close);
    void iterator.return?.(); // not awaited: a source that waits for its next event would keep us here
  }
}
