import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { BareRound } from './bare-update.ts';
import type { Bench } from './measure.ts';
import type { Ground } from './token-service.ts';

/** Starts bare-update.ts on a database. @returns runs a round there and gives updates per second */
export async function startBare(
  { env }: Ground,
  bench: Bench,
): Promise<(round: BareRound) => Promise<number>> {
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
  return async (round) => {
    child.send(round);
    return Number(await answer());
  };
}
