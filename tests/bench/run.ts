import { type Bench, type Figure, type Group, isMet, table } from './measure.ts';
import { verification } from './verification.ts';

/** `npm run bench`: every figure with its peer, or only the groups whose names contain the first argument. */

const GROUPS: readonly Group[] = [verification];

const [wanted = ''] = process.argv.slice(2);
const undone: (() => unknown)[] = [];

const started = performance.now();
const bench: Bench = {
  progress: (text) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.error(`${seconds.padStart(4)} s  ${text}`);
  },
  defer: (undo) => undone.push(undo),
};

/** Undoes what groups left running, last first; what fails to end must not keep the rest alive. */
async function cleanUp(): Promise<void> {
  for (let undo = undone.pop(); undo !== undefined; undo = undone.pop()) {
    try {
      await undo();
    } catch (error) {
      bench.progress(`cleaning up: ${error}`);
    }
  }
}

async function runGroup(group: Group): Promise<Figure[]> {
  try {
    return await group.run(bench);
  } finally {
    await cleanUp();
  }
}

process.once('SIGINT', async () => {
  await cleanUp();
  process.exit(130);
});

const groups = GROUPS.filter(({ name }) => name.includes(wanted));
if (groups.length === 0) {
  console.error(`no group 「${wanted}」; there are: ${GROUPS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const figures: Figure[] = [];
for (const group of groups) figures.push(...(await runGroup(group)));
console.log(table(figures).join('\n'));
const missed = figures.filter((figure) => isMet(figure) === false);
console.log(missed.length === 0 ? '\nEvery target is met.' : `\n✗ ${missed.length} of the targets missed.`);
