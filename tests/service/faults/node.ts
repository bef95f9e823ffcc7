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

/** How a node is started, where it is not as usual. */
interface Started {
  /** Of the service; that of the sources where none is given. */
  readonly file?: string;
  /** More of Node's flags. */
  readonly flags?: readonly string[];
}

export async function startNode(
  databaseUrl: string,
  env: Record<string, string> = {},
  { file = 'server/main.ts', flags = [] }: Started = {},
): Promise<Node> {
  const data = env.WARIFU_DATA ?? mkdtempSync(join(tmpdir(), 'warifu-faults-'));
  const port = Number(env.WARIFU_PORT ?? (await freePort()));
  const settings = {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    WARIFU_LOG: 'warn',
    DATABASE_URL: databaseUrl,
    ...env,
  };
  const part = await startPart(file, settings, flags);
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
