import { sql } from 'kysely';
import { ActiveTokens } from './active-tokens.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { type Ground, newGround, startService, withDatabase } from './token-service.ts';
import { startVerifying } from './verification.ts';

const TOKENS = 24_000;
const ROUNDS = 5;
/** Long compared with the second between two rounds of linking, so that entries linked after the end hardly count. */
const ROUND_MS = 6_000;

/** What linking the audit costs: accepted login codes over HTTP with it, against the same without. */
export const audit: Group = {
  name: 'audit',
  run: async (bench) => [...(await linkingOn('PGlite', bench)), ...(await linkingOn('PostgreSQL', bench))],
};

async function linkingOn(kind: Ground['kind'], bench: Bench): Promise<Figure[]> {
  bench.progress(`audit on ${kind}: ${TOKENS} tokens twice`);
  const linked = await verifying(kind, bench, true);
  const unlinked = await verifying(kind, bench, false);
  const taken = await interleave(ROUNDS, {
    linked: async () => (await linked(ROUND_MS)).perSecond,
    unlinked: async () => (await unlinked(ROUND_MS)).perSecond,
  });
  return [
    {
      name: `verification with the audit linked, ${kind}`,
      value: median(taken.linked),
      unit: '/s',
      against: { name: 'not linked', value: median(taken.unlinked) },
      target: { atLeast: 0.9 },
    },
  ];
}

async function verifying(kind: Ground['kind'], bench: Bench, links: boolean) {
  const tokens = new ActiveTokens();
  const ground = await newGround(kind, bench);
  const ours = await withDatabase(ground, async (db) => {
    // A list of chains that is not sealed: the service links nothing.
    if (!links) await sql`insert into audit_root (reached, chains, seal) values (0, '[]', '')`.execute(db);
    return tokens.insert(db, TOKENS, 0);
  });
  const service = await startService(ground, bench, {
    WARIFU_MASTER_KEY: tokens.masterKey,
    WARIFU_LOG: 'fatal',
  });
  const verify = await startVerifying(service, tokens, ours, bench);
  // The service closes a connection on which nothing is asked: it is used before the next one is filled.
  await verify(ROUND_MS / 3);
  return verify;
}
