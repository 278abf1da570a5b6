// @ts-check
/** The supergraph file, read anew at each poll; a file that is missing or does not parse changes nothing. */
import { readFile } from 'node:fs/promises';
import { buildSchema, parse } from 'graphql';
import { log } from './logs.mjs';

/** @param {string} path @param {(complaint: string) => void} [complain] @returns {() => Promise<string>} */
export function lastGoodFile(path, complain = (complaint) => log('error', complaint)) {
  /** @type {string | undefined} */
  let good;
  /** @type {string | undefined} what was complained about already */
  let bad;
  return async () => {
    /** @type {string | undefined} */
    let text;
    try {
      text = await readFile(path, 'utf8');
      if (text === good || text === bad) return good ?? text;
      parse(text);
      buildSchema(text, { assumeValidSDL: true });
      if (!text.includes('join__Graph')) throw new Error('not a supergraph');
      good = text;
      bad = undefined;
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (good === undefined) throw error;
      if (bad !== (bad = text ?? message)) complain(`${path} is no good, the last good one stays: ${message}`);
    }
    return good;
  };
}
