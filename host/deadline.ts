/** Gets the reason: that of a signal, or a `TimeoutError`. */
type Over = (reason: unknown) => void;

/**
 * Calls back once: after a time, or as soon as one of the signals is aborted. Afterwards it leaves no listener on the signals,
 * which may live as long as the process.
 * @returns a function that cancels it
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
  const timer = setTimeout(() => end(new DOMException('The deadline has passed', 'TimeoutError')), ms);
  const heard = signals.map((signal) => ({ signal, listener: () => end(signal.reason) }));
  for (const { signal, listener } of heard) signal.addEventListener('abort', listener);
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) end(aborted.reason);
  return callOff;
}

/** A signal that is aborted after a time, with one of the others, or by `end`. */
export interface Until {
  readonly signal: AbortSignal;
  end(): void;
}

/** Like `AbortSignal.any` with a timeout, which would leave a listener behind on a signal that lives as long as the process. */
export function until(ms: number, ...others: readonly AbortSignal[]): Until {
  const over = new AbortController();
  const callOff = deadline(ms, others, (reason) => over.abort(reason));
  const end = () => {
    callOff();
    over.abort();
  };
  return { signal: over.signal, end };
}
