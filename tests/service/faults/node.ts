import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type RunningPart, startPart } from '../process.ts';

/** A token service on PostgreSQL as a process of its own, with the flags it is documented with. */
export interface Node {
  readonly part: RunningPart;
  readonly port: number;
  readonly apiKey: string;
  /** Its data folder. */
  readonly data: string;
  residentMb(): number;
  isAlive(): boolean;
}

export async function startNode(
  databaseUrl: string,
  env: Record<string, string> = {},
  program = 'server/main.ts',
): Promise<Node> {
  const data = env.WARIFU_DATA ?? mkdtempSync(join(tmpdir(), 'warifu-faults-'));
  const port = Number(env.WARIFU_PORT ?? (await freePort()));
  const part = await startPart(program, {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    WARIFU_LOG: 'warn',
    DATABASE_URL: databaseUrl,
    ...env,
  });
  if (part.child.exitCode !== null) throw new Error(`the service did not start:\n${part.output.join('\n')}`);
  const { child } = part;
  return {
    part,
    port,
    data,
    apiKey: readFileSync(join(data, 'api-keys', 'senpoku'), 'utf8').trim(),
    residentMb: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
  };
}
