/**
 * The page's timer for the models. It fires after `ms`, or at the first frame whose clock time is outside the wait. Browsers
 * throttle timers, stop them while the device sleeps, and do not adjust them to a changed clock; the frame makes sure that
 * whatever is drawn afterwards is drawn by the clock.
 */
export function timeout(run: () => void, ms: number): () => void {
  const start = Date.now();
  const look = () => {
    const gone = Date.now() - start;
    if (gone >= ms || gone < 0) end();
    else frame = requestAnimationFrame(look);
  };
  const stop = () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  const end = () => {
    stop();
    run();
  };
  const timer = setTimeout(end, ms);
  let frame = requestAnimationFrame(look);
  return stop;
}
