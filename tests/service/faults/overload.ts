import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActiveTokens } from '../../bench/active-tokens.ts';
import type { TestPostgres } from '../postgres.ts';
import { measuredLoad, type Side } from './codes.ts';
import { lostAndDoubledCodes } from './database.ts';
import { startNode } from './node.ts';

/** Near what both nodes can take together with the client, on one machine. */
const SHARE = 0.9;
const STAND_MS = 10_000;
const AGAIN_MS = 40_000;
const SAMPLE_MS = 5_000;
/** Share of the load that must be served when the database has answered again for a while; the machine may be shared. */
const MUST_SERVE = 0.7;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Two nodes near their full load, whose clients try again what was refused, after the database stood: codes served a second, every
 * five seconds. Nodes that spend their time on what they refuse late do not come back.
 */
export async function overload(server: TestPostgres) {
  const postgres = { ...server, url: await server.createDatabase('overload') };
  const keys = new ActiveTokens();
  const env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
    WARIFU_MASTER_KEY: keys.masterKey,
  };
  const nodes = [await startNode(postgres.url, env), await startNode(postgres.url, env)];
  try {
    const sides = nodes.map(({ port, apiKey }) => ({ port, apiKey, life: 1 })) as [Side, Side];
    const { load, perSecond } = await measuredLoad(postgres.url, keys, sides[0], SHARE);
    const end = load.atRate(sides, perSecond);
    const served = async () => {
      const before = load.ledger.answers[200] ?? 0;
      await pause(SAMPLE_MS);
      return Math.round((((load.ledger.answers[200] ?? 0) - before) * 1000) / SAMPLE_MS);
    };
    const before = await served();
    server.stand();
    await pause(STAND_MS);
    server.goOn();
    const after: number[] = [];
    for (let ms = 0; ms < AGAIN_MS; ms += SAMPLE_MS) after.push(await served());
    await end();
    const { refused, disagreed, unanswered, ranOut } = load.ledger;
    const { lost, doubled } = await lostAndDoubledCodes(postgres, load.ledger);
    const atLast = Math.min(...after.slice(-2));
    const held = atLast >= perSecond * MUST_SERVE && lost + doubled + refused + disagreed === 0;
    return { held, perSecond, before, after, unanswered, ranOut, refused, disagreed, lost, doubled };
  } finally {
    for (const { part } of nodes) await part.kill('SIGTERM');
  }
}
