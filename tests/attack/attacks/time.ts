import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

/** Sets the clock of the extension's background; the service's stays. */
async function setDeviceClock({ kind, stage }: Arena, byMs: number): Promise<void> {
  if (kind === 'firefox') {
    await stage.token.page.evaluate(async (ms) => {
      type Scope = { Date: DateConstructor };
      const { browser } = globalThis as unknown as {
        browser: { runtime: { getBackgroundPage(): Promise<Scope> } };
      };
      const scope = await browser.runtime.getBackgroundPage();
      scope.Date.now = () => Date.now() + ms;
    }, byMs);
    return;
  }
  const target = await stage.browser.browser.waitForTarget(
    (candidate) => candidate.type() === 'service_worker' && candidate.url().endsWith('/background.js'),
  );
  const worker = await target.worker();
  if (worker === null) throw new Error('the background has ended');
  await worker.evaluate((ms) => {
    Date.now = () => performance.timeOrigin + performance.now() + ms;
  }, byMs);
}

/** Plays with the device's clock wrong, and mends it. */
async function withClock<T>(arena: Arena, byMs: number, play: () => Promise<T>): Promise<T> {
  await setDeviceClock(arena, byMs);
  try {
    return await play();
  } finally {
    await setDeviceClock(arena, 0);
  }
}

const reachable = (name: string, byMs: number): Attack => ({
  from: 'time',
  name: `${name}: the code is of the service’s time`,
  refusedBy: 'filled',
  yields: 'one code',
  play: (arena) => withClock(arena, byMs, () => arena.play({})),
});

/** Plays while the service cannot be reached. */
async function inOutage<T>({ stage: { system } }: Arena, play: () => Promise<T>): Promise<T> {
  await system.stopService();
  try {
    return await play();
  } finally {
    await system.startService();
  }
}

export const TIME: readonly Attack[] = [
  reachable('a clock set an hour forward, to harvest', HOUR),
  reachable('a clock ten years behind', -10 * YEAR),
  {
    from: 'time',
    name: 'a clock set forward or back, with the service out of reach',
    refusedBy: 'refused: clock',
    yields: 'nothing',
    play: (arena) =>
      inOutage(arena, async () => {
        const outcomes = new Set<string>();
        for (const byMs of [6 * MINUTE, HOUR, -MINUTE, -HOUR, 10 * YEAR]) {
          outcomes.add(await withClock(arena, byMs, () => arena.play({})));
        }
        return [...outcomes].join(', ');
      }),
  },
  {
    from: 'time',
    name: 'a clock set forward minute by minute: five minutes ahead at the most',
    refusedBy: 'within five minutes',
    yields: 'nothing',
    play: async (arena) => {
      // A measurement that is current now; later none can be made.
      await arena.play({});
      await inOutage(arena, async () => {
        for (let minutes = 1; minutes <= 8; minutes += 1) {
          await withClock(arena, minutes * MINUTE, () => arena.play({}));
        }
      });
      const [early, late] = await Promise.all([arena.codes(-1, 5), arena.codes(6, 10)]);
      const had = arena.attacker.loot().map(({ value }) => value);
      arena.attacker.forget();
      await arena.show({ screen: '', heading: 'ご案内' });
      const within = had.every((code) => early.includes(code) && !late.includes(code));
      return within && had.length > 1 ? 'within five minutes' : `had ${had.length} codes, some later`;
    },
  },
];
