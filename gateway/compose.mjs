// @ts-check
/**
 * Composes the services' exported schemas into supergraph.graphql. With --check: fails on drift.
 * Addresses in it are `.invalid`: where a service is, only the gateway's environment says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { SERVICES } from './services.mjs';

const target = new URL('supergraph.graphql', import.meta.url);

/** @param {string[]} lines @returns {never} */
function stop(...lines) {
  for (const line of lines) console.error(line);
  process.exit(1);
}

/** @param {URL} file as it is called in the checkout */
const called = (file) => relative(fileURLToPath(new URL('..', import.meta.url)), fileURLToPath(file));

/** @param {URL} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return stop(`${called(file)} cannot be read: run make contracts`);
  }
}

const subgraphs = SERVICES.map((name) => {
  const file = new URL(`../services/${name}/contracts/schema.graphql`, import.meta.url);
  try {
    return { name, url: `http://${name}.invalid/graphql`, typeDefs: parse(read(file)) };
  } catch (error) {
    return stop(`${called(file)}: ${/** @type {Error} */ (error).message}`);
  }
});
const result = composeServices(subgraphs);
if (result.errors?.length) stop(...result.errors.map((error) => error.message));
const text = `${/** @type {any} */ (result).supergraphSdl}\n`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (read(target) !== text) {
  stop('gateway/supergraph.graphql is not what the services compose to: run make contracts');
}
