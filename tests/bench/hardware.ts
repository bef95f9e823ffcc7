import { sql } from 'kysely';
import type { Database } from '../../server/store/database.ts';
import { ActiveTokens, type BenchParameters, INSTITUTION_KEY } from './active-tokens.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { newGround, startService, withDatabase } from './token-service.ts';
import { startVerifying } from './verification.ts';

const TOKENS = 12_000;
const FEW = 1_000;
/** Unless the second argument of the bench says otherwise. */
const MANY = 1_000_000;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const MS = 1_000;

const SOFTWARE = { kind: 'software', algorithm: 'SHA-1', digits: 6, period: 30 } as const;
const TOTP = { ...SOFTWARE, kind: 'hardware-totp' } as const;
const HOTP = { ...SOFTWARE, kind: 'hardware-hotp', period: null } as const;

/** Codes of hardware tokens over HTTP, beside those of software tokens; and among few tokens or many. */
export const hardware: Group = {
  name: 'hardware',
  run: async (bench) => [...(await rates(bench)), await amongMany(bench)],
};

async function rates(bench: Bench): Promise<Figure[]> {
  bench.progress(`hardware: ${TOKENS} tokens of each kind`);
  const [software, totp, hotp] = [
    await verifier(SOFTWARE, TOKENS, 0, bench),
    await verifier(TOTP, TOKENS, 0, bench),
    await verifier(HOTP, TOKENS, 0, bench),
  ];
  const taken = await interleave(ROUNDS, { software, totp, hotp });
  const against = { name: 'software token', value: median(taken.software) };
  return [
    { name: 'TOTP of hardware verified', value: median(taken.totp) },
    { name: 'HOTP of hardware verified', value: median(taken.hotp) },
  ].map((figure) => ({ ...figure, unit: '/s' as const, against, target: { atLeast: 0.9 } }));
}

async function amongMany(bench: Bench): Promise<Figure> {
  const many = bench.count ?? MANY;
  bench.progress(`hardware: among ${many} tokens`);
  const inFew = await verifier(HOTP, FEW, 0, bench);
  const inMany = await verifier(HOTP, FEW, many - FEW, bench);
  const taken = await interleave(2 * ROUNDS, { inFew, inMany });
  return {
    name: `a verification among ${many} tokens`,
    value: MS / median(taken.inMany),
    unit: 'ms',
    against: { name: `among ${FEW}`, value: MS / median(taken.inFew) },
    target: { atMost: 1.2 },
  };
}

/** @returns verifies codes of tokens on a database of their own for a round, and says how many a second */
async function verifier(parameters: BenchParameters, count: number, others: number, bench: Bench) {
  const tokens = new ActiveTokens(parameters);
  const ground = await newGround('PostgreSQL', bench);
  // Before the tokens are there: a service that finds secrets of another key does not start.
  const service = await startService(ground, bench, { WARIFU_MASTER_KEY: tokens.masterKey });
  const ours = await withDatabase(ground, async (db) => {
    if (others > 0) await insertOthers(db, others);
    return tokens.insert(db, count, 0);
  });
  const verify = await startVerifying(service, tokens, ours, bench);
  await verify(ROUND_MS / 2);
  return async () => (await verify(ROUND_MS)).perSecond;
}

/** Rows that are inserted well within the time of a statement. */
const AT_ONCE = 50_000;

/** Tokens that nobody has, with keys that nobody can open. */
async function insertOthers(db: Database, count: number): Promise<void> {
  for (let first = 1; first <= count; first += AT_ONCE) {
    const last = Math.min(count, first + AT_ONCE - 1);
    await sql`
      insert into tokens (
        id, institution, status, kind, algorithm, digits, period, confirmation_mode, serial, secret, issued_at, enrolled_at)
      select 'other' || n, ${INSTITUTION_KEY}, 'enrolled', 'hardware-hotp', 'SHA-1', 6, null, 'approve', 'OTHER' || n,
        sha256(n::text::bytea) || sha256(n::text::bytea), now(), now()
      from generate_series(${first}::integer, ${last}::integer) as n`.execute(db);
  }
  await sql`analyze tokens`.execute(db);
}
