// @ts-check
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'graphql';
import { lastGoodFile } from '../supergraph.mjs';

const good = (/** @type {string} */ name) => `enum join__Graph { A } type Query { ${name}: Int }`;

/** @param {(path: string) => Promise<void>} use */
async function withFile(use) {
  const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
  try {
    await use(join(folder, 'supergraph.graphql'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a broken, foreign or missing file leaves the last good one', () => withFile(async (path) => {
  /** @type {string[]} */
  const complaints = [];
  const read = lastGoodFile(path, (complaint) => complaints.push(complaint));
  await writeFile(path, good('first'));
  assert.equal(await read(), good('first'));
  for (const bad of ['type Query {', 'type Query { notASupergraph: Int }']) {
    await writeFile(path, bad);
    assert.equal(await read(), good('first'));
    assert.equal(await read(), good('first'));
  }
  await rm(path);
  assert.equal(await read(), good('first'));
  assert.equal(complaints.length, 3, 'one complaint for each, however often it is read');
  await writeFile(path, good('second'));
  assert.equal(await read(), good('second'));
}));

test('without any good file the gateway does not start', () => withFile(async (path) => {
  await assert.rejects(lastGoodFile(path)(), /ENOENT/);
  await writeFile(path, 'type Query {');
  await assert.rejects(lastGoodFile(path)(), /Syntax Error/);
}));

test('every published document is kept under its own digest', async () => {
  const documents = JSON.parse(await readFile(new URL('../documents.json', import.meta.url), 'utf8'));
  for (const [digest, text] of Object.entries(documents)) {
    parse(text);
    assert.equal(createHash('sha256').update(text).digest('hex'), digest);
  }
});
