// @ts-check
/**
 * What the gateway says: a JSON object a line on stdout, and on the embedded stack lines for people.
 * No personal data: a line names kinds of errors, never their text, which may quote what a person entered.
 */
import { createLoggerFromLogging } from '@graphql-hive/gateway-runtime';

const plain = process.env.JIEBANG_LOG_FORMAT === 'plain';

/** @param {any} error or what the runtime's logger has made of one: its kind and code, where it was thrown; not its text */
const described = (error) => ({
  type: error.class ?? error.name ?? 'GraphQLError',
  code: error.extensions?.code ?? error.code,
  subgraph: error.extensions?.serviceName,
  at: frames(error),
});
const frames = (/** @type {any} */ error) => typeof error.stack === 'string'
  ? error.stack.replace(error.message, '').split('\n').slice(1, 6).map((/** @type {string} */ line) => line.trim()) : undefined;
const isError = (/** @type {any} */ one) => typeof one === 'object' && one !== null && 'message' in one;

/**
 * @param {'info' | 'warn' | 'error'} level
 * @param {string} message of our own words
 * @param {{ requestId?: string | null, subgraph?: string, error?: unknown }} [about]
 */
export function log(level, message, { error, requestId, ...about } = {}) {
  if (plain) return console[level](message, ...(error ? [error] : []));
  const line = {
    time: new Date().toISOString(), level: level.toUpperCase(), service: 'gateway', message, ...about,
    ...(requestId && { correlation_id: requestId }),
    ...(isError(error) && { error: described(error) }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Everything that the runtime and its libraries say goes through `log`; of what is not ours, only the words. */
export function logging() {
  const logger = createLoggerFromLogging('info');
  if (plain) return logger;
  const words = (/** @type {unknown} */ text) => String(text).match(/^[\w ,.'-]*/)?.[0].trim() || 'an error';
  for (const level of /** @type {const} */ (['info', 'warn', 'error'])) {
    console[level] = (text, ...rest) => log(level, words(text), { error: [text, ...rest].find(isError) });
  }
  console.log = console.info;
  const Logger = /** @type {any} */ (logger.constructor);
  const write = (/** @type {any} */ level, /** @type {any} */ attributes, /** @type {any} */ message) => {
    const found = [attributes, ...Object.values(attributes ?? {})].find(isError);
    log(level, words(message ?? 'an error'), { requestId: attributes?.requestId, subgraph: attributes?.subgraph, error: found });
  };
  return new Logger({ level: 'info', writers: [{ write }] });
}

/** From now on an error that ends the process is a line like any other: it may know of a request. */
export const lastWords = () => void process.on('uncaughtException', (error) => {
  log('error', 'the process ends', { error });
  process.exit(1);
});
