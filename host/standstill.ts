import { setTimeout as wait } from 'node:timers/promises';

/** Whether something everybody waits for stands still, so that nobody waits for it. */
export interface Standstill {
  is(): boolean;
  /** It has been silent for a while: a probe shows whether it stands, or whether it was we who did not listen. */
  doubt(): void;
  /** Nobody asks any more. */
  end(): void;
}

export interface Watch {
  /** Resolves when it answers, and rejects when it does not in time. */
  readonly probe: () => Promise<void>;
  /** How often it is probed while it stands still. */
  readonly everyMs: number;
  readonly began: () => void;
  readonly over: () => void;
}

/** Takes what leaves a probe unanswered for standing still, until it answers one. */
export function watchForStandstill({ probe, everyMs, began, over }: Watch): Standstill {
  let standing = false;
  let probing = false;
  let ended = false;
  const answers = () =>
    probe().then(
      () => true,
      () => false,
    );
  const begin = () => {
    if (standing || ended) return;
    standing = true;
    began();
    void untilItAnswers();
  };
  const untilItAnswers = async () => {
    while (!ended && !(await answers())) await wait(everyMs, undefined, { ref: false });
    standing = false;
    if (!ended) over();
  };
  return {
    is: () => standing,
    doubt: async () => {
      if (probing || standing) return;
      probing = true;
      if (!(await answers())) begin();
      probing = false;
    },
    end: () => {
      ended = true;
    },
  };
}
