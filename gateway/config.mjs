// @ts-check
/** What the gateway allows, and whom it asks. `serve.mjs` runs it. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
// Imported, not asked for with a flag: a missing planner stops the start instead of falling back.
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { createRemoteJwksSigningKeyProvider, extractFromHeader, useJWT } from '@graphql-mesh/plugin-jwt-auth';
import * as http from '@graphql-mesh/transport-http';
import * as ws from '@graphql-mesh/transport-ws';
import { askAgain, endWithTheToken, hideTheInside, problem } from './guards.mjs';
import { SERVICES } from './services.mjs';
import { lastGoodFile } from './supergraph.mjs';
import { agents } from './upstream.mjs';
import { metrics, traces } from './watching.mjs';

/** @param {string} name @param {string} [otherwise] */
const env = (name, otherwise) => {
  const value = process.env[name] ?? otherwise;
  if (value !== undefined) return value;
  process.stderr.write(`${name} is missing\n`);
  return process.exit(78); // EX_CONFIG: starting again will not help
};

const issuer = env('JIEBANG_ISSUER');
const origins = env('CORS_ORIGINS', '').split(',').filter(Boolean);
const documents = JSON.parse(await readFile(new URL('./documents.json', import.meta.url), 'utf8'));

/** Services elsewhere than the supergraph says: BULLETIN_URL=http://bulletin:8000/graphql */
const locations = Object.fromEntries(
  SERVICES.map((name) => [
    name, { location: env(`${name.toUpperCase()}_URL`), options: {
      // It would copy every answer (a sixth of the gateway's time), and answer out of an earlier question, asked
      // before the caller's own mutation. Visitors share whole executions instead, see below.
      deduplicateInflightRequests: false,
      subscriptions: {
        // Over SSE strawberry yields no event and no error.
        kind: 'ws', subgraph: name, location: '/graphql',
        options: { connectionParams: { authorization: 'Bearer {context.jwt.token.value}' } },
      },
    } },
  ]),
);

const upstream = agents(Number(env('UPSTREAM_TIMEOUT_MS', '10000')));
const published = createRemoteJwksSigningKeyProvider({ jwksUri: `${issuer}/jwks.json` });
/** @type {Map<string, import('node:crypto').KeyObject>} */
const parsed = new Map();

/** The issuer's key, parsed once: from its text, verifying a token took twice as long. */
async function signingKey(/** @type {string | undefined} */ id) {
  const text = await published(id);
  if (!parsed.has(text)) parsed.set(text, createPublicKey(text));
  return /** @type {any} */ (parsed.get(text));
}

const anonymous = (/** @type {Request} */ request) => !request.headers.has('authorization');

export const config = {
  supergraph: lastGoodFile(env('SUPERGRAPH', fileURLToPath(new URL('./supergraph.graphql', import.meta.url)))),
  pollingInterval: Number(env('SUPERGRAPH_POLL_MS', '10000')),
  gracefulSchemaReload: { drainTimeout: 10_000 },
  unifiedGraphHandler,
  transports: { http, ws },
  transportEntries: locations,
  persistedDocuments: {
    getPersistedOperation: (/** @type {string} */ id) => documents[id.replace('sha256:', '')] ?? null,
    // Visitors run the published documents only. A header that is no good token is refused before.
    customErrors: {
      persistedQueryOnly: () => problem('Visitors can run the published documents only.', 'DOCUMENT_NOT_PUBLISHED', 401),
      notFound: () => problem('No such document is published.', 'DOCUMENT_NOT_FOUND', 404),
    },
    allowArbitraryDocuments: (/** @type {Request} */ request) =>
      process.env.VISITORS === 'free' || !anonymous(request),
  },
  // Visitors who ask the same at the same moment share one execution. Nobody shares with a token, not even with
  // himself; the header is in the key all the same, so that no mistake here could mix two people's answers.
  inboundInflightRequestDeduplication: {
    enabled: (/** @type {unknown} */ _, /** @type {Request} */ request) => anonymous(request),
    shouldIncludeHeader: (/** @type {string} */ name) => name === 'authorization',
  },
  propagateHeaders: {
    fromClientToSubgraphs: (/** @type {any} */ { request, context }) => ({
      ...(context.jwt && { authorization: `Bearer ${context.jwt.token.value}` }),
      'x-request-id': request?.headers.get('x-request-id'),
    }),
  },
  customAgent: (/** @type {{ url: string }} */ { url }) => upstream[/** @type {'http:'} */ (new URL(url).protocol)],
  csrfPrevention: { requestHeaders: ['x-graphql-yoga-csrf'] },
  // A list instead of a function would answer strangers with `null`, which sandboxed pages may use.
  cors: (/** @type {Request} */ request) => origins.includes(request.headers.get('origin') ?? '')
    ? { origin: /** @type {string} */ (request.headers.get('origin')), credentials: false, methods: ['GET', 'POST'] } : false,
  maskedErrors: true,
  batching: false,
  landingPage: false,
  graphiql: env('LABORATORY', 'on') === 'on' ? { title: '揭榜 Jiebang' } : false,
  // 21 MB of script: loaded when somebody opens the page, not at start.
  renderGraphiQL: async (/** @type {any} */ options) =>
    (await import('@graphql-hive/render-laboratory')).renderLaboratory(options),
  plugins: () => [
    useJWT({
      signingKeyProviders: [signingKey],
      tokenLookupLocations: [extractFromHeader({ name: 'authorization', prefix: 'Bearer' })],
      tokenVerification: { issuer, audience: 'jiebang', algorithms: ['ES256'] },
      reject: { missingToken: false, invalidToken: true },
      forward: { payload: false, token: false },
    }),
    maxTokensPlugin({ n: 1000 }),
    maxDepthPlugin({ n: 12 }),
    maxAliasesPlugin({ n: 30 }),
    blockFieldSuggestionsPlugin(),
    ...(traces ? [traces.plugin] : []), // before what asks again: each attempt is a step
    askAgain(),
    endWithTheToken(),
    hideTheInside(),
    ...(metrics ? [metrics.counting()] : []), // after what gives errors their codes
  ],
};
