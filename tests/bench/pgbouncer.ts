import { startPgbouncer } from '../service/deploy/pgbouncer.ts';
import { ActiveTokens } from './active-tokens.ts';
import { type Figure, type Group, interleave, median } from './measure.ts';
import { newGround, startService, withDatabase } from './token-service.ts';
import { startVerifying } from './verification.ts';

const TOKENS = 12_000;
const ROUNDS = 5;
const ROUND_MS = 3_000;

/** What a node loses by asking its database through PgBouncer in transaction mode: a hop, and prepared statements. */
export const pgbouncer: Group = {
  name: 'pgbouncer',
  run: async (bench): Promise<Figure[]> => {
    bench.progress('verification by way of PgBouncer');
    const tokens = new ActiveTokens();
    const ground = await newGround('PostgreSQL', bench);
    const { DATABASE_URL = '' } = ground.env;
    const bouncer = await startPgbouncer(DATABASE_URL);
    bench.defer(() => bouncer.stop());
    const key = { WARIFU_MASTER_KEY: tokens.masterKey };
    const [near, far] = await withDatabase(ground, async (db) => [
      await tokens.insert(db, TOKENS, 0),
      await tokens.insert(db, TOKENS, TOKENS),
    ]);
    const direct = await startService(ground, bench, key);
    const pooled = await startService(ground, bench, {
      ...key,
      DATABASE_URL: bouncer.through(DATABASE_URL),
      DATABASE_DIRECT_URL: DATABASE_URL,
    });
    const directly = await startVerifying(direct, tokens, near ?? [], bench);
    const through = await startVerifying(pooled, tokens, far ?? [], bench);
    const taken = await interleave(ROUNDS, {
      through: async () => (await through(ROUND_MS)).perSecond,
      directly: async () => (await directly(ROUND_MS)).perSecond,
    });
    return [
      {
        name: 'verification by way of PgBouncer',
        value: median(taken.through),
        unit: '/s',
        against: { name: 'directly', value: median(taken.directly) },
      },
    ];
  },
};
