import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs `npm run warifu -- …` to its end. */
export async function warifu(args: readonly string[], env: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'command/main.ts', ...args],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, out, err };
}
