const STEP_MS = 60_000;
/** Longer than a page takes to be shown twice, on a machine that has other work. */
const ENOUGH_MS = 8_000;

/** Waits out the end of a step, where the clock was not moved: what follows has the same code from beginning to end. */
export async function inOneStep(): Promise<void> {
  const left = STEP_MS - (Date.now() % STEP_MS);
  if (left < ENOUGH_MS) await new Promise((resolve) => setTimeout(resolve, left));
}
