import { Gauge } from 'prom-client';
import { isOutage, OutageError } from '../../core/errors.ts';
import { codeOf } from '../../host/listen.ts';
import { registry } from '../../host/metrics.ts';

const callsWaiting = new Gauge({
  registers: [registry],
  name: 'warifu_calls_waiting',
  help: 'Calls that wait for their turn at the database',
});

/** PostgreSQL's code for a statement that lost a deadlock. */
const DEADLOCK = '40P01';

/** Most deadlocks in a row that a call may lose. PostgreSQL ends a deadlock after a second by failing one side. */
const MOST_LOST = 3;

/** Most calls that one round answers. */
const MOST_IN_A_ROUND = 64;

/** Most calls that wait for a round, and for how long. A healthy database does eight rounds in less than a second. */
const MOST_WAITING = 512;
const MOST_WAIT_MS = 1_500;

/** A round whose calls have all waited for so long is one that the database is behind with. */
const BEHIND_MS = 500;

/** A call that is answered in a round with others. */
export interface Gather<Input, Answer> {
  (input: Input): Promise<Answer>;
  /**
   * Whether more calls come than are answered: those of the next round fill it, and each has waited for half a second. One
   * slow statement is none of that, nor are many calls that change the same.
   */
  isBehind(): boolean;
}

/**
 * Answers calls in rounds. A call made during a round waits for the next, which answers all waiting calls with one
 * statement. If a round fails, its calls are tried again one by one, so that one bad call fails alone; a call that loses a
 * deadlock is tried a few times more. If the database is out of reach, the calls of the round and all waiting calls fail.
 * Calls beyond what can be answered soon are refused.
 * @param answer returns one answer for each input, in their order
 * @param keyOf names what an input changes; inputs with the same name never share a round
 */
export function gather<Input, Answer>(
  answer: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
  keyOf?: (input: Input) => string,
): Gather<Input, Answer> {
  let waiting: Waiting<Input, Answer>[] = [];
  let underWay = false;

  async function rounds(): Promise<void> {
    const watching = setInterval(refuseLate, MOST_WAIT_MS / 6);
    while (waiting.length > 0) {
      // One turn of the event loop, so that calls that arrive at the same time share the round.
      await new Promise(setImmediate);
      const round = nextRound(waiting, keyOf);
      waiting = waiting.filter((one) => !round.has(one));
      callsWaiting.dec(round.size);
      const outage = await settle([...round], answer);
      if (outage !== undefined) refuseWaiting(waiting.length, outage);
    }
    clearInterval(watching);
    underWay = false;
  }

  const refuseWaiting = (count: number, reason: unknown) => {
    callsWaiting.dec(count);
    refuseAll(waiting.splice(0, count), reason);
  };
  const refuseLate = () => {
    const late = performance.now() - MOST_WAIT_MS;
    const first = waiting.findIndex(({ since }) => since > late);
    refuseWaiting(first === -1 ? waiting.length : first, new OutageError('waited too long for the database'));
  };

  const call = (input: Input) =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length >= MOST_WAITING) {
        reject(new OutageError('too many requests wait for the database'));
        return;
      }
      callsWaiting.inc();
      waiting.push({ input, resolve, reject, since: performance.now() });
      if (!underWay) {
        underWay = true;
        void rounds();
      }
    });
  const isBehind = () => {
    if (waiting.length < MOST_IN_A_ROUND) return false;
    const last = [...nextRound(waiting, keyOf)][MOST_IN_A_ROUND - 1];
    return last !== undefined && performance.now() - last.since > BEHIND_MS;
  };
  return Object.assign(call, { isBehind });
}

interface Waiting<Input, Answer> {
  readonly input: Input;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
  /** When the call was made, in milliseconds of `performance.now()`. */
  readonly since: number;
}

/** The calls that have waited longest, at most one of each name. */
function nextRound<Input, Answer>(
  waiting: readonly Waiting<Input, Answer>[],
  keyOf: ((input: Input) => string) | undefined,
): Set<Waiting<Input, Answer>> {
  const round = new Set<Waiting<Input, Answer>>();
  const keys = new Set<string>();
  for (const one of waiting) {
    if (round.size === MOST_IN_A_ROUND) break;
    const key = keyOf?.(one.input);
    if (key !== undefined && keys.has(key)) continue;
    if (key !== undefined) keys.add(key);
    round.add(one);
  }
  return round;
}

/** Answers a round. @returns the outage if the round failed because of one */
async function settle<Input, Answer>(
  round: readonly Waiting<Input, Answer>[],
  answer: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
  lost = 0,
): Promise<unknown> {
  try {
    const answers = await answer(round.map(({ input }) => input));
    round.forEach(({ resolve }, index) => {
      resolve(answers[index] as Answer);
    });
  } catch (error) {
    // The loser of a deadlock is rolled back as a whole, so it is safe to try it again.
    const isLost = codeOf(error) === DEADLOCK && lost < MOST_LOST;
    const isFinal = round.length === 1 && !isLost;
    if (isFinal || isOutage(error)) refuseAll(round, error);
    else for (const one of round) await settle([one], answer, lost + 1);
    return isOutage(error) ? error : undefined;
  }
  return undefined;
}

function refuseAll(calls: readonly { reject(reason: unknown): void }[], reason: unknown): void {
  for (const { reject } of calls) reject(reason);
}
