import { setTimeout as wait } from 'node:timers/promises';

/** Watches whether a server that everybody needs stands still, so that nobody waits for it then. */
export interface Standstill {
  is(): boolean;
  /** The server has been silent for a while. A probe finds out whether it stands still, or whether this process was busy. */
  doubt(): void;
  /** Ends the watch. */
  end(): void;
}

export interface Watch {
  /** Resolves if the server answers, and rejects if it does not in time. */
  readonly probe: () => Promise<void>;
  /** Pause between probes while the server stands still, in milliseconds. */
  readonly everyMs: number;
  readonly began: () => void;
  readonly over: () => void;
}

/** The server stands still from an unanswered probe on until it answers one. */
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
