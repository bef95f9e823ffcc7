import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildForTests, type E2eBuild } from '../e2e/setup.ts';
import { approval } from './approval.ts';
import { audit } from './audit.ts';
import { confirmation } from './confirmation.ts';
import { staffConsole } from './console.ts';
import { enrolment } from './enrolment.ts';
import { fill } from './fill.ts';
import { hardware } from './hardware.ts';
import { tokenImport } from './import.ts';
import { latency } from './latency.ts';
import { login } from './login.ts';
import { type Bench, type Figure, type Group, isMet, table } from './measure.ts';
import { memory } from './memory.ts';
import { notify } from './notify.ts';
import { offline } from './offline.ts';
import { pgbouncer } from './pgbouncer.ts';
import { popup } from './popup.ts';
import { push } from './push.ts';
import { reading } from './reading.ts';
import { search } from './search.ts';
import { signedLogins } from './signed-logins.ts';
import { sizes } from './sizes.ts';
import { streams } from './streams.ts';
import { unlock } from './unlock.ts';
import { verification } from './verification.ts';

/**
 * `npm run bench`: every figure with its peer, or only the groups whose names contain the first argument; with as many tokens as the
 * second says, in those that take a million.
 */

const GROUPS: readonly Group[] = [
  popup,
  offline,
  unlock,
  fill,
  login,
  reading,
  staffConsole,
  sizes,
  verification,
  pgbouncer,
  signedLogins,
  audit,
  confirmation,
  notify,
  push,
  approval,
  latency,
  search,
  enrolment,
  hardware,
  tokenImport,
  memory,
  streams,
];

const [wanted = '', count] = process.argv.slice(2);
const undone: (() => unknown)[] = [];
/** What the whole run needs, undone at its end. */
const atEnd: (() => unknown)[] = [];
let built: Promise<E2eBuild> | undefined;
let bundled: Promise<string> | undefined;

const started = performance.now();
const bench: Bench = {
  count: count === undefined ? undefined : Number(count),
  progress: (text) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.error(`${seconds.padStart(4)} s  ${text}`);
  },
  defer: (undo) => undone.push(undo),
  build: () => {
    built ??= build();
    return built;
  },
  bundle: () => {
    bundled ??= bundle();
    return bundled;
  },
};

async function bundle(): Promise<string> {
  bench.progress('bundle of the service');
  const output = mkdtempSync(join(tmpdir(), 'warifu-bundle-'));
  atEnd.push(() => rmSync(output, { recursive: true, force: true }));
  await promisify(execFile)(process.execPath, ['bundle.ts'], {
    env: { ...process.env, WARIFU_OUTPUT: output },
  });
  return join(output, 'service');
}

async function build(): Promise<E2eBuild> {
  bench.progress('production build');
  const { remove, ...result } = await buildForTests();
  atEnd.push(remove);
  return result;
}

/** Undoes what was left running, last first; what fails to end must not keep the rest alive. */
async function cleanUp(left: (() => unknown)[]): Promise<void> {
  for (let undo = left.pop(); undo !== undefined; undo = left.pop()) {
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
    await cleanUp(undone);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cleanUp(undone);
    await cleanUp(atEnd);
    process.exit(130);
  });
}

const groups = GROUPS.filter(({ name }) => name.includes(wanted));
if (groups.length === 0) {
  console.error(`no group 「${wanted}」; there are: ${GROUPS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const figures: Figure[] = [];
try {
  for (const group of groups) figures.push(...(await runGroup(group)));
} finally {
  await cleanUp(atEnd);
}
console.log(table(figures).join('\n'));
const missed = figures.filter((figure) => isMet(figure) === false);
console.log(missed.length === 0 ? '\nEvery target is met.' : `\n✗ ${missed.length} of the targets missed.`);
