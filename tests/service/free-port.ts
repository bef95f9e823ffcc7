import { createServer } from 'node:net';

/** Ports to draw from: below those that the system gives to connections, so that none is taken before it is listened on. */
export interface PortRange {
  readonly first: number;
  readonly count: number;
}

const PASSING: PortRange = { first: 10_000, count: 10_000 };
/** A part of the system listens on the first port it is given, or on one of the next two. */
const ROW = 3;
/** Workers whose ports are apart: what one was given and does not listen on yet is given to no other. */
const WORKERS = 8;

const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
const begin = Math.random();
let given = 0;

/**
 * A port that nobody listens on at the moment, nor on the two after it, and that was not given before. Apart from
 * postgres.ts: the library there ends a process that loaded it with exit code 0, whatever happened, and the test runner
 * itself needs ports.
 */
export async function freePort({ first, count }: PortRange = PASSING): Promise<number> {
  const rows = Math.floor(count / WORKERS / ROW);
  for (;;) {
    const place = (Math.floor(begin * rows) + given) % rows;
    given += 1;
    const port = first + (worker * rows + place) * ROW;
    const row = Array.from({ length: ROW }, (_, after) => isFree(port + after));
    if ((await Promise.all(row)).every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
