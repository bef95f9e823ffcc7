import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** The outcome of each write: its answer and how long that took. */
export interface Outcome {
  readonly key: string;
  /** HTTP status; 0 where the connection ended without an answer. */
  readonly status: number;
  readonly ms: number;
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly at: number;
  /** The token issued. */
  readonly userId: string | undefined;
  /** When it may be sent again, in seconds. */
  readonly retryAfterS: number | undefined;
  /** How often a busy node refused it before. */
  readonly refused: number;
}

/** A service under load, and whose bank asks it. */
export interface Target {
  readonly port: number;
  readonly apiKey: string;
}

export interface IssueLoad {
  readonly perSecond: number;
  /** Resolves when every request that was sent until now is answered. */
  answered(): Promise<void>;
  /** Ends the load and returns every outcome, once the last request is answered. */
  end(): Promise<Outcome[]>;
}

/** Issues tokens at a steady rate, whether earlier ones were answered or not. @param send what is done for each */
export function issueAtRate(target: Target, perSecond: number, send = issue): IssueLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
  const underWay: Promise<Outcome>[] = [];
  const started = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * perSecond;
    while (underWay.length < due) underWay.push(send(target, randomUUID(), agent));
  }, 5);
  return {
    perSecond,
    answered: async () => {
      await Promise.all(underWay);
    },
    end: async () => {
      clearInterval(timer);
      const outcomes = await Promise.all(underWay);
      agent.destroy();
      return outcomes;
    },
  };
}

/** Issues a token, once for a key. */
export function issue({ port, apiKey }: Target, key: string, agent?: Agent): Promise<Outcome> {
  const at = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, body: string, retryAfter?: string) =>
      resolve({
        key,
        status,
        at,
        ms: performance.now() - at,
        userId: status === 201 ? (JSON.parse(body) as { userId: string }).userId : undefined,
        retryAfterS: retryAfter === undefined ? undefined : Number(retryAfter),
        refused: 0,
      });
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: '/v1/tokens',
        method: 'POST',
        ...(agent && { agent }),
        headers: {
          Authorization: `Bearer ${apiKey}`,
          'Idempotency-Key': key,
          'Content-Type': 'application/json',
        },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.once('close', () => done(response.statusCode ?? 0, body, response.headers['retry-after']));
      },
    );
    sent.once('error', () => done(0, ''));
    sent.end(JSON.stringify({ activationPassword: '2468' }));
  });
}

/** A request that is refused once more has failed. */
const MOST_REFUSALS = 2;

/** Issues a token as a bank does: what a busy node refuses is sent again under its key, when the node says, twice at most. */
export async function issueUntilTaken(target: Target, key: string, agent?: Agent): Promise<Outcome> {
  for (let refused = 0; ; refused += 1) {
    const outcome = { ...(await issue(target, key, agent)), refused };
    if (outcome.status !== 503 || outcome.retryAfterS === undefined || refused >= MOST_REFUSALS)
      return outcome;
    await pause(1_000 * outcome.retryAfterS);
  }
}

/** More than a machine refuses that is busy for a moment, and less than a service that is away. */
export const FEW = 1 / 4;

/** Refusals of busy nodes, for each request that was to be taken. */
export const refusedShare = (outcomes: readonly Outcome[]) =>
  outcomes.reduce((sum, { refused }) => sum + refused, 0) / outcomes.length;

/** How many milliseconds it takes from now until a path answers 200. */
export async function untilReady(port: number, path = '/readyz', withinMs = 20_000): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < withinMs) {
    const ready = await fetch(`http://127.0.0.1:${port}${path}`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ready) return performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${path} was not ready within ${withinMs} ms`);
}

/** How often each status came. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export const slowest = (outcomes: readonly Outcome[]) => Math.max(0, ...outcomes.map(({ ms }) => ms));
