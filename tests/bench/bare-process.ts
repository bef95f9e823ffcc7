import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { BareRound } from './bare-update.ts';
import type { LoadResult } from './load.ts';
import type { Bench } from './measure.ts';
import type { Ground } from './token-service.ts';

export interface Bare {
  readonly pid: number;
  run(round: BareRound): Promise<LoadResult>;
}

/** Starts bare-update.ts on a database. */
export async function startBare({ env }: Ground, bench: Bench): Promise<Bare> {
  const child = fork(new URL('./bare-update.ts', import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = once(child, 'exit');
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const answer = async (): Promise<unknown> => {
    const failed = exited.then(() => Promise.reject(new Error('the bare updates ended early')));
    const [message] = await Promise.race([once(child, 'message'), failed]);
    return message;
  };
  await answer();
  return {
    pid: child.pid ?? 0,
    run: async (round) => {
      child.send(round);
      return (await answer()) as LoadResult;
    },
  };
}
