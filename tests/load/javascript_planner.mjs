// @ts-check
/** `node --import`: the gateway with the runtime's own planner instead of the Rust one, to compare them. */
import { register } from 'node:module';

const hooks = `export const resolve = (name, context, next) => name === '@graphql-hive/router-runtime'
  ? { url: 'data:text/javascript,export const unifiedGraphHandler = undefined', shortCircuit: true }
  : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
const report = /** @type {any} */ (process.report);
report.getReport = () => ({ sharedObjects: ['hive_router_query_planner, said to be there'] }); // serve.mjs insists
