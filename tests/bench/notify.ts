import { Pool } from 'pg';
import { reachPostgres } from '../../host/postgres.ts';
import { createWakes, listenPostgres } from '../../host/wakes.ts';
import { startPostgres } from '../service/postgres.ts';
import { load } from './load.ts';
import { type Figure, type Group, interleave, median, percentile } from './measure.ts';

const ROUNDS = 5;
const ROUND_MS = 3_000;
const ROWS = 10_000;
const CHANNEL = 'bench';
/** Connections of one node to its database, and of two. */
const NODE = 10;
const ALONE = 1;

const WRITE = 'update waited set changed = changed + 1 where id = $1';
const WAKE = `${WRITE} returning pg_notify('${CHANNEL}', id::text)`;
/** A look of one who waits, as each does by itself every few seconds. */
const LOOK = 'select changed from waited where id = $1';

/**
 * What wake-ups cost one database with two nodes that listen: PostgreSQL commits what notifies one after the other, so
 * that such writes share no flush of its log. Against the same writes without, and against looking.
 */
export const notify: Group = {
  name: 'notify',
  run: async (bench): Promise<Figure[]> => {
    bench.progress('wake-ups by NOTIFY');
    const postgres = await startPostgres();
    bench.defer(() => postgres.stop());
    const pool = new Pool({ connectionString: postgres.url, max: 2 * NODE });
    pool.on('error', () => {});
    bench.defer(() => pool.end());
    await pool.query('create table waited (id integer primary key, changed integer not null default 0)');
    await pool.query('insert into waited (id) select n from generate_series(1, $1) n', [ROWS]);

    const nodes = [createWakes(), createWakes()];
    for (const wakes of nodes) {
      const { newClient, pool: own } = reachPostgres(postgres.url);
      const stop = listenPostgres(newClient, CHANNEL, wakes);
      bench.defer(() => own.end());
      bench.defer(stop);
      while (!wakes.hears()) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    let next = 0;
    const id = () => {
      next = (next % ROWS) + 1;
      return next;
    };
    const perSecond = async (text: string, connections: number) => {
      const ask = async () => {
        await pool.query(text, [id()]);
        return true;
      };
      return (await load(Array.from({ length: connections }), ROUND_MS, ask)).perSecond;
    };
    const taken = await interleave(ROUNDS, {
      writes: () => perSecond(WRITE, 2 * NODE),
      wakes: () => perSecond(WAKE, 2 * NODE),
      writesOfOne: () => perSecond(WRITE, ALONE),
      wakesOfOne: () => perSecond(WAKE, ALONE),
      looks: () => perSecond(LOOK, 2 * NODE),
    });

    const delays: number[] = [];
    for (let time = 0; time < 200; time += 1) {
      const one = id();
      const told = nodes.map(
        (wakes) =>
          new Promise<void>((resolve) => {
            const stop = wakes.on(String(one), () => {
              stop();
              resolve();
            });
          }),
      );
      const at = performance.now();
      await pool.query(WAKE, [one]);
      await Promise.all(told);
      delays.push(performance.now() - at);
    }

    const figure = (name: string, values: number[], than: string, others: number[]): Figure => ({
      name,
      value: median(values),
      unit: '/s',
      against: { name: than, value: median(others) },
    });
    return [
      figure(`writes that wake, ${2 * NODE} connections`, taken.wakes, 'the same without', taken.writes),
      figure('one after the other', taken.wakesOfOne, 'the same without', taken.writesOfOne),
      figure(`looks, ${2 * NODE} connections`, taken.looks, 'writes that wake', taken.wakes),
      {
        name: 'write → two nodes woken',
        value: median(delays),
        unit: 'ms',
        against: { name: '99th percentile', value: percentile(delays, 0.99) },
      },
    ];
  },
};
