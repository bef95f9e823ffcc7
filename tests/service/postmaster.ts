import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sends a signal to a PostgreSQL server and to all its processes, found by its data folder. */
export function signalServer(data: string, name: NodeJS.Signals): void {
  for (const pid of processesOf(data)) signal(pid, name);
}

/** The server's own process and those it has for its clients. */
export function processesOf(data: string): number[] {
  const [first = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const postmaster = Number(first);
  return [
    postmaster,
    ...readdirSync('/proc')
      .map(Number)
      .filter((pid) => parentOf(pid) === postmaster),
  ];
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}
