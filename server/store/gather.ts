import { isOutage, OutageError } from '../../core/errors.ts';
import { codeOf } from '../../host/listen.ts';

/** PostgreSQL's code for a statement that lost a deadlock. */
const DEADLOCK = '40P01';

/** How many deadlocks in a row a call may lose: PostgreSQL ends each after a second, and lets one of its sides go on. */
const MOST_LOST = 3;

/** How many calls one round answers at most. */
const MOST_IN_A_ROUND = 64;

/** How many calls wait for a round at most, and for how long: eight rounds of an able database take no second. */
const MOST_WAITING = 512;
const MOST_WAIT_MS = 1_500;

/**
 * Answers calls in rounds: a call made while a round is under way waits for the next, which answers all that have
 * gathered with one statement. A round that fails is tried again call by call, so that what is wrong with one call stays
 * its own; one that loses a deadlock is tried a few times more. With the database out of reach, all calls of the round
 * fail, and all that wait. More calls than can be answered soon are refused.
 * @param answer gives as many answers as it gets inputs, in their order
 * @param keyOf names what an input changes: inputs of the same name never share a round
 */
export function gather<Input, Answer>(
  answer: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
  keyOf?: (input: Input) => string,
): (input: Input) => Promise<Answer> {
  let waiting: Waiting<Input, Answer>[] = [];
  let underWay = false;

  async function rounds(): Promise<void> {
    const watching = setInterval(refuseLate, MOST_WAIT_MS / 6);
    while (waiting.length > 0) {
      // One turn of the event loop: what has arrived by now goes together.
      await new Promise(setImmediate);
      const round = nextRound(waiting, keyOf);
      waiting = waiting.filter((one) => !round.has(one));
      const outage = await settle([...round], answer);
      if (outage !== undefined) refuseAll(waiting.splice(0), outage);
    }
    clearInterval(watching);
    underWay = false;
  }

  const refuseLate = () => {
    const late = performance.now() - MOST_WAIT_MS;
    const first = waiting.findIndex(({ since }) => since > late);
    refuseAll(waiting.splice(0, first === -1 ? waiting.length : first), new OutageError('waited too long'));
  };

  return (input) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MOST_WAITING) {
        reject(new OutageError('too many wait for the database'));
        return;
      }
      waiting.push({ input, resolve, reject, since: performance.now() });
      if (!underWay) {
        underWay = true;
        void rounds();
      }
    });
}

interface Waiting<Input, Answer> {
  readonly input: Input;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
  /** When it was made, in milliseconds of `performance.now()`. */
  readonly since: number;
}

/** The longest waiting, each name once. */
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

/** @returns the outage, where the round failed by one */
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
    // Who loses a deadlock is undone as a whole, and nobody waits for it any more.
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
