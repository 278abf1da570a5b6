// @ts-check
/**
 * Where a trace begins: a step for each request, and one for each question to a service, which gets its `traceparent`.
 * Loaded only when JIEBANG_TRACES names a collector. A client's own `traceparent` is not believed. Steps tell kinds and
 * names, no documents. What is sampled says OTEL_TRACES_SAMPLER.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const PATIENCE_MS = 1_000;

/** @param {string} url of an OTLP/HTTP collector, as in http://collector:4318/v1/traces */
export function tracing(url) {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'gateway' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const tracer = provider.getTracer('jiebang');
  /** @type {WeakMap<Request, import('@opentelemetry/api').Span>} */
  const open = new WeakMap();

  /** @param {import('@opentelemetry/api').SpanContext} step */
  const header = ({ traceId, spanId, traceFlags }) => `00-${traceId}-${spanId}-0${traceFlags & 1}`;

  const plugin = {
    onRequest: (/** @type {any} */ { request, url: { pathname } }) => {
      if (pathname === '/graphql') open.set(request, tracer.startSpan('graphql', { kind: SpanKind.SERVER }, ROOT_CONTEXT));
    },
    onExecute: (/** @type {any} */ { args }) => {
      const operation = args.document.definitions.find((/** @type {any} */ one) => one.kind === 'OperationDefinition');
      open.get(args.contextValue?.request)?.setAttribute('graphql.operation.type', operation?.operation ?? 'none');
    },
    onResponse: (/** @type {any} */ { request, response }) => {
      open.get(request)?.setAttribute('http.response.status_code', response.status).end();
    },
    /** Stands before what asks again: each attempt is a step. */
    onSubgraphExecute: (/** @type {any} */ { subgraphName, executionRequest, executor, setExecutor }) => {
      const around = open.get(executionRequest.context?.request);
      const context = around ? trace.setSpan(ROOT_CONTEXT, around) : ROOT_CONTEXT;
      setExecutor(async (/** @type {any} */ request) => {
        const step = tracer.startSpan(`ask ${subgraphName}`, { kind: SpanKind.CLIENT }, context);
        const headers = { ...request.extensions?.headers, traceparent: header(step.spanContext()) };
        try {
          const result = await executor({ ...request, extensions: { ...request.extensions, headers } });
          if (result?.errors?.length) step.setStatus({ code: SpanStatusCode.ERROR });
          return result;
        } catch (error) {
          step.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          step.end();
        }
      });
    },
  };
  /** Sends what waits; a collector that is away keeps nobody. */
  const end = () => Promise.race([provider.shutdown().catch(() => {}), pause(PATIENCE_MS, undefined, { ref: false })]);
  return { plugin, end };
}
