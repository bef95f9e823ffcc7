/** A time that is over after so long, with the first of other signals, or when it is ended. */
export interface Until {
  readonly signal: AbortSignal;
  /** Ends it; nothing of it stays behind on signals that live longer. */
  end(): void;
}

/**
 * `AbortSignal.any` with a timeout, for one wait: on a signal that lives as long as the process those pile up.
 * Where the time runs out, the reason is a `TimeoutError`.
 */
export function until(milliseconds: number, ...others: readonly AbortSignal[]): Until {
  const over = new AbortController();
  const end = (reason?: unknown) => {
    clearTimeout(timer);
    for (const { other, listener } of heard) other.removeEventListener('abort', listener);
    over.abort(reason);
  };
  const timer = setTimeout(() => end(new DOMException('The time is over', 'TimeoutError')), milliseconds);
  const heard = others.map((other) => ({ other, listener: () => end(other.reason) }));
  for (const { other, listener } of heard) other.addEventListener('abort', listener);
  const aborted = others.find((other) => other.aborted);
  if (aborted !== undefined) end(aborted.reason);
  return { signal: over.signal, end: () => end() };
}
