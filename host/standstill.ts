import { setTimeout as wait } from 'node:timers/promises';

/** Watches whether servers, one of which everybody needs, stand still, so that nobody waits for them then. */
export interface Standstill {
  is(): boolean;
  /** The server has been silent for a while. A probe finds out whether it stands still, or whether this process was busy. */
  doubt(): void;
  /** Ends the watch. */
  end(): void;
}

export interface Watch {
  /** One for each server. Resolves if it does what is needed, and rejects if it does not in time. */
  readonly probes: readonly (() => Promise<void>)[];
  /** Pause between probes of a server while all stand still, in milliseconds. */
  readonly everyMs: number;
  readonly began: () => void;
  readonly over: () => void;
}

/** They stand still from when no probe was answered until one is. */
export function watchForStandstill({ probes, everyMs, began, over }: Watch): Standstill {
  let standing = false;
  let probing = false;
  let ended = false;
  const answers = (probe: () => Promise<void>) =>
    probe().then(
      () => true,
      () => false,
    );
  const oneAnswers = () => answers(() => Promise.any(probes.map((probe) => probe())));
  const begin = async () => {
    if (ended) return;
    standing = true;
    began();
    const answered = new AbortController();
    await Promise.race(probes.map((probe) => untilItAnswers(probe, answered.signal)));
    answered.abort();
    standing = false;
    if (!ended) over();
  };
  const untilItAnswers = async (probe: () => Promise<void>, elsewhere: AbortSignal) => {
    while (!ended && !elsewhere.aborted && !(await answers(probe)))
      await wait(everyMs, undefined, { ref: false });
  };
  return {
    is: () => standing,
    doubt: async () => {
      if (probing || standing) return;
      probing = true;
      if (!(await oneAnswers())) void begin();
      probing = false;
    },
    end: () => {
      ended = true;
    },
  };
}
