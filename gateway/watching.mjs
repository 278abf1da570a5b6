// @ts-check
/** Metrics and traces, each loaded only where it is wanted: they would cost memory and time. */

/** A port of its own for Prometheus: what clients reach does not count aloud. */
const port = Number(process.env.METRICS_PORT ?? 0);
export const metrics = port ? await import('./metrics.mjs') : undefined;
metrics?.serveMetrics(port, process.env.HOST ?? '127.0.0.1');

const collector = process.env.JIEBANG_TRACES;
export const traces = collector ? (await import('./traces.mjs')).tracing(collector) : undefined;
