import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nodeFlags } from '../../host/capacity.ts';
import { readSettings } from '../../host/settings.ts';
import { COMPILED, programFile } from '../../programs.ts';

/**
 * Flags of Node for processes of tests, which live for seconds: to compile the built-in database well takes longer than it is used, and its
 * end waits for that. Benches, which Vitest does not run, have those of production alone.
 */
export const SHORT_LIVED = process.env.VITEST === undefined ? [] : ['--liftoff-only'];

/** A part of the system running as its own process, as in production. */
export interface RunningPart {
  readonly child: ChildProcess;
  /** What it printed, both streams. */
  readonly output: string[];
  /** Resolves with the exit code, once all of its output is there. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a part and waits for its first `ready` line, or for its end.
 * @param file such as `server/main.ts`
 * @param flags of Node, beside those of production and of tests
 */
export async function startPart(
  file: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<RunningPart> {
  const program = programFile(file);
  const child = spawn(process.execPath, [...flagsFor(file, env), ...SHORT_LIVED, ...flags, program], {
    env: { ...process.env, WARIFU_LOG: 'warn', NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  // Not with `exit`: what it printed last may come after that.
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        if (line.startsWith('ready ')) resolve();
      });
    }
  });
  await Promise.race([ready, exited]);
  return {
    child,
    output,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

const flagsFor = (file: string, env: Record<string, string>) =>
  nodeFlags(
    readSettings(env).memoryMb,
    file.includes('server/main.') ? env.DATABASE_URL : env.BANK_DATABASE_URL,
  );
