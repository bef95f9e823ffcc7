/** Tells why it is over: the reason of a signal, or a `TimeoutError`. */
type Over = (reason: unknown) => void;

/**
 * Calls back once: after a time, or when one of the signals is aborted, at once where one is. Whichever comes first, and
 * when it is called off, nothing of it stays behind on the signals, which may live as long as the process.
 * @returns calls it off
 */
export function deadline(ms: number, signals: readonly AbortSignal[], over: Over): () => void {
  const callOff = () => {
    clearTimeout(timer);
    for (const { signal, listener } of heard) signal.removeEventListener('abort', listener);
  };
  const end = (reason: unknown) => {
    callOff();
    over(reason);
  };
  const timer = setTimeout(() => end(new DOMException('The time is over', 'TimeoutError')), ms);
  const heard = signals.map((signal) => ({ signal, listener: () => end(signal.reason) }));
  for (const { signal, listener } of heard) signal.addEventListener('abort', listener);
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) end(aborted.reason);
  return callOff;
}

/** A signal that is aborted when its time is over, when one of the others is, or when it is ended. */
export interface Until {
  readonly signal: AbortSignal;
  end(): void;
}

/** `AbortSignal.any` with a timeout, for one wait: on a signal that lives as long as the process those pile up. */
export function until(ms: number, ...others: readonly AbortSignal[]): Until {
  const over = new AbortController();
  const callOff = deadline(ms, others, (reason) => over.abort(reason));
  const end = () => {
    callOff();
    over.abort();
  };
  return { signal: over.signal, end };
}
