/** Stops a part on SIGTERM or SIGINT, once. Ctrl+C tells every part of `npm start`, which then tells them again. */
export function endOnSignals(
  stop: () => Promise<void>,
  signals: Pick<NodeJS.EventEmitter, 'on'> = process,
): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void stop();
  };
  signals.on('SIGTERM', end);
  signals.on('SIGINT', end);
}
