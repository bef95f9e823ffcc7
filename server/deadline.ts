/**
 * Calls back once: after a time, or when one of the signals is aborted, at once where one is. Whichever comes first, and
 * when it is called off, nothing of it stays behind on the signals, which may live as long as the process.
 * @returns calls it off
 */
export function deadline(ms: number, signals: readonly AbortSignal[], over: () => void): () => void {
  const callOff = () => {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  };
  const end = () => {
    callOff();
    over();
  };
  const timer = setTimeout(end, ms);
  for (const signal of signals) signal.addEventListener('abort', end);
  if (signals.some(({ aborted }) => aborted)) end();
  return callOff;
}
