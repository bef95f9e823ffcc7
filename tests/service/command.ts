import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { COMPILED, programFile } from '../../programs.ts';
import { SHORT_LIVED } from './process.ts';

/** Runs `npm run warifu -- …` to its end. */
export async function warifu(args: readonly string[], env: Record<string, string>) {
  const program = programFile('command/main.ts');
  const child = spawn(process.execPath, [...SHORT_LIVED, program, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, out, err };
}
