/**
 * The page's own timer, as the models take it: after `ms`, or at the first frame whose time by the clock is outside the
 * wait. Timers are late where the browser throttles them, do not run while the device sleeps, and know nothing of a
 * clock that was set; but whatever is drawn after that is drawn by the clock.
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
