import { isOutage } from '../../core/errors.ts';

/** How many calls one round answers at most. */
const MOST_IN_A_ROUND = 64;

/**
 * Answers calls in rounds: a call made while a round is under way waits for the next, which answers all that have
 * gathered with one statement. A round that fails is tried again call by call, so that what is wrong with one call stays
 * its own; with the database out of reach, all calls of the round fail.
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
    while (waiting.length > 0) {
      // One turn of the event loop: what has arrived by now goes together.
      await new Promise(setImmediate);
      const round = nextRound(waiting, keyOf);
      waiting = waiting.filter((one) => !round.has(one));
      await settle([...round], answer);
    }
    underWay = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
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

async function settle<Input, Answer>(
  round: readonly Waiting<Input, Answer>[],
  answer: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await answer(round.map(({ input }) => input));
    round.forEach(({ resolve }, index) => {
      resolve(answers[index] as Answer);
    });
  } catch (error) {
    const [only] = round;
    if ((only && round.length === 1) || isOutage(error)) for (const one of round) one.reject(error);
    else for (const one of round) await settle([one], answer);
  }
}
