// @ts-check
/** What the gateway counts, for Prometheus, on a port of its own that is not published. */
import { createServer } from 'node:http';
import { Counter, Histogram, collectDefaultMetrics, register } from 'prom-client';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const requests = new Histogram({
  name: 'jiebang_gateway_request_seconds', help: 'GraphQL requests over HTTP, by kind of operation and status.',
  labelNames: ['kind', 'status'], buckets,
});
const asked = new Histogram({
  name: 'jiebang_gateway_subgraph_seconds', help: 'Questions to a service, by outcome: ok, error, absent.',
  labelNames: ['subgraph', 'outcome'], buckets,
});
const errors = new Counter({ name: 'jiebang_gateway_errors_total', help: 'Errors in answers, by code.', labelNames: ['code'] });

/** @param {any} error codes are ours, in capitals; anything else would let others choose labels */
const codeOf = (error) => /^[A-Z_]{3,40}$/.test(error.extensions?.code) ? error.extensions.code : 'NONE';

/** @type {WeakMap<Request, { began: number, kind: string }>} */
const open = new WeakMap();

/** The plugin that counts; it stands where errors have their codes already. */
export const counting = () => ({
  onRequest: (/** @type {any} */ { request, url }) => {
    if (url.pathname === '/graphql') open.set(request, { began: performance.now(), kind: 'none' });
  },
  onExecute: (/** @type {any} */ { args }) => {
    const about = open.get(args.contextValue?.request);
    const operation = args.document.definitions.find((/** @type {any} */ one) => one.kind === 'OperationDefinition');
    if (about && operation) about.kind = operation.operation;
  },
  onResultProcess: (/** @type {any} */ { result }) => {
    for (const error of [result].flat().flatMap((one) => one?.errors ?? [])) errors.inc({ code: codeOf(error) });
  },
  onResponse: (/** @type {any} */ { request, response }) => {
    const about = open.get(request);
    if (about) requests.observe({ kind: about.kind, status: response.status }, (performance.now() - about.began) / 1000);
  },
  onSubgraphExecute: (/** @type {any} */ { subgraphName, executor, setExecutor }) => {
    setExecutor(async (/** @type {any} */ request) => {
      const stop = asked.startTimer({ subgraph: subgraphName });
      const result = await Promise.resolve(executor(request)).catch((error) => ({ errors: [error] }));
      const absent = result?.errors?.some((/** @type {any} */ error) => /^(SERVICE_UNAVAILABLE|GATEWAY_TIMEOUT)$/.test(codeOf(error)));
      stop({ outcome: absent ? 'absent' : result?.errors?.length ? 'error' : 'ok' });
      return result;
    });
  },
});

/** @param {number} port @param {string} host */
export function serveMetrics(port, host) {
  collectDefaultMetrics();
  return createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': register.contentType }).end(await register.metrics());
  }).listen(port, host);
}
