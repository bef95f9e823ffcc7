import { enrolledTokens, eventStreams, wake } from '../service/faults/flood.ts';
import { startNode } from '../service/faults/node.ts';
import { startPostgres } from '../service/postgres.ts';
import { type Figure, type Group, median } from './measure.ts';

const STREAMS = 5_000;
/** As many tokens as hold so many streams, eight each. */
const TOKENS = STREAMS / 8;
const MEMORY_MB = 400;
const LIMIT_MB = 400;
const LIMIT_MS = 50;
const WAKES = 9;

/** What many event streams cost a node, and how soon they tell. */
export const streams: Group = {
  name: 'streams',
  run: async (bench): Promise<Figure[]> => {
    bench.progress(`${STREAMS} event streams`);
    const postgres = await startPostgres();
    bench.defer(() => postgres.stop());
    const node = await startNode(postgres.url, { WARIFU_MEMORY_MB: String(MEMORY_MB) });
    bench.defer(() => node.part.kill('SIGTERM'));
    const { tokens, tokenIds } = await enrolledTokens(postgres.url, TOKENS);
    const open = await eventStreams(node, tokens, STREAMS);
    bench.defer(() => open.end());
    await open.received(':\n\n', STREAMS);
    const taken: number[] = [];
    for (const id of tokenIds.slice(0, WAKES)) {
      const before = open.count('event: confirmations');
      const told = open.received('event: confirmations', before + STREAMS / TOKENS);
      const at = await wake(postgres.url, id);
      await told;
      taken.push(performance.now() - at);
    }
    const resident = { name: 'limit', value: LIMIT_MB };
    const told = { name: 'limit', value: LIMIT_MS };
    return [
      {
        name: `resident with ${STREAMS} event streams`,
        value: node.residentMb() * 1.048576,
        unit: 'MB',
        against: resident,
        target: { atMost: 1 },
      },
      {
        name: `change to ${STREAMS / TOKENS} of ${STREAMS} streams told`,
        value: median(taken),
        unit: 'ms',
        against: told,
        target: { atMost: 1 },
      },
    ];
  },
};
