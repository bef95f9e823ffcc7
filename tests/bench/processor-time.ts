import { readFileSync } from 'node:fs';
import type { LoadResult } from './load.ts';
import { median } from './measure.ts';

/** Linux counts the time of a process in hundredths of a second, whatever the kernel's own clock. */
const TICK_US = 10_000;

/** What one thing that was done took of the processor, in microseconds: in the process that did it, and in the database. */
export interface ProcessorTime {
  readonly process: number;
  readonly database: number;
}

/** Times rounds of work by the processor. That depends less on what else the machine does than a rate. */
export class ProcessorTimes {
  readonly #taken: ProcessorTime[] = [];

  async round(
    pid: number,
    database: () => readonly number[],
    work: () => Promise<LoadResult>,
  ): Promise<LoadResult> {
    const since = { process: watch(() => [pid]), database: watch(database) };
    const result = await work();
    this.#taken.push({
      process: since.process() / result.done,
      database: since.database() / result.done,
    });
    return result;
  }

  median(): ProcessorTime {
    return {
      process: median(this.#taken.map(({ process }) => process)),
      database: median(this.#taken.map(({ database }) => database)),
    };
  }
}

/** @returns what the processes that there are have used since then; what has ended meanwhile is left out */
function watch(pids: () => readonly number[]): () => number {
  const before = new Map(pids().map((pid) => [pid, usedBy(pid)]));
  return () => pids().reduce((sum, pid) => sum + usedBy(pid) - (before.get(pid) ?? 0), 0);
}

function usedBy(pid: number): number {
  try {
    // Behind the name, which may have spaces: state is the first field, the times of user and system are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    // It has just ended.
    return 0;
  }
}
