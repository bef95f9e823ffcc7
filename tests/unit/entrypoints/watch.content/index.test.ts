import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Filler } from '../../../../entrypoints/watch.content/handover.ts';

/** In which order the watcher fetches the reader and lets it begin. What it finds in a page is tried in browsers. */

const page = vi.hoisted(() => ({
  isHidden: false,
  /** The document itself asks for anything, and has our words. */
  asks: true,
  saysOurs: true,
  /** Its shadow trees do both. */
  shadowAsks: false,
  hasCustomElements: false,
  /** Since it was parsed. */
  hasChanged: false,
  /** How often all of it was looked at, with its shadow trees. */
  looks: 0,
  /** Listens to the popup. */
  answers: false,
  told: [] as unknown[],
  /** The background has answered. */
  injected: undefined as (() => void) | undefined,
}));

vi.mock('../../../../entrypoints/watch.content/page.ts', () => ({
  SETTLE_MS: 200,
  rootsOf: () => [],
  isTranslated: () => false,
  isHidden: () => page.isHidden,
  hasControl: () => page.asks,
  bodySaysOurs: () => page.saysOurs,
  hasCustomElements: () => page.hasCustomElements,
  asksForAnything: () => {
    page.looks += 1;
    return page.asks || page.shadowAsks;
  },
  saysOurs: () => page.saysOurs || page.shadowAsks,
}));
vi.mock('../../../../entrypoints/watch.content/changes.ts', () => ({
  watchChanges: () => () => page.hasChanged,
}));
vi.mock('../../../../entrypoints/watch.content/speaker.ts', () => ({ isSpeaker: () => true }));
vi.mock('../../../../platform/messaging/page.ts', () => ({
  answerExtensionPages: () => {
    page.answers = true;
  },
  tell: (message: unknown) => {
    page.told.push(message);
    return new Promise<void>((resolve) => {
      page.injected = resolve;
    });
  },
}));

const { handOver } = await import('../../../../entrypoints/watch.content/handover.ts');
const { default: watcher } = await import('../../../../entrypoints/watch.content/index.ts');

const PREPARE = { type: 'fill.prepare' };

const AT_FIRST = { ...page };

let events: EventTarget;
let runs: number;
let made: number;
/** What is observed of the page. */
let observed: MutationObserverInit;
let mutated: () => void;
let resized: (() => void) | undefined;

const makeFiller = (): Filler<unknown> => {
  made += 1;
  return {
    run: async () => {
      runs += 1;
    },
    changed: () => undefined,
    report: () => undefined,
  };
};

/** The background injects the reader, and then says so. */
async function inject(): Promise<void> {
  handOver(makeFiller);
  page.injected?.();
  await settled();
}

async function happens(type: string): Promise<void> {
  events.dispatchEvent(new Event(type));
  await settled();
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function watch(readyState: DocumentReadyState): void {
  vi.stubGlobal('document', { readyState });
  watcher.main();
}

beforeEach(() => {
  Object.assign(page, AT_FIRST, { told: [] });
  [events, runs, made] = [new EventTarget(), 0, 0];
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  vi.stubGlobal(
    'MutationObserver',
    class {
      constructor(callback: () => void) {
        mutated = callback;
      }
      observe(_root: unknown, options: MutationObserverInit) {
        observed = options;
      }
    },
  );
});
beforeEach(() => {
  resized = undefined;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        resized = callback;
      }
      observe() {}
    },
  );
});
afterEach(() => Reflect.deleteProperty(globalThis, Symbol.for('warifu')));
afterAll(() => vi.unstubAllGlobals());

test('fetches the reader once the page is parsed, and lets it begin once the page’s own handlers have run', async () => {
  watch('loading');
  await settled();
  expect(page.told).toEqual([]);
  await happens('readystatechange');
  expect(page.told).toEqual([PREPARE]);
  await inject();
  expect(made).toBe(0);
  await happens('DOMContentLoaded');
  await happens('readystatechange');
  expect([made, runs, page.told]).toEqual([1, 1, [PREPARE]]);
});

test('asks once where the reader comes only after the page is complete', async () => {
  watch('loading');
  await happens('readystatechange');
  await happens('DOMContentLoaded');
  expect([made, page.told]).toEqual([0, [PREPARE]]);
  await inject();
  expect([made, runs]).toEqual([1, 1]);
});

test('takes the reader once, and only where it asked', async () => {
  watch('loading');
  handOver(makeFiller);
  await happens('readystatechange');
  handOver(makeFiller);
  await inject();
  await happens('DOMContentLoaded');
  expect([made, runs]).toEqual([1, 1]);
});

test('asks again for a complete page where the browser refused the reader', async () => {
  watch('loading');
  await happens('readystatechange');
  page.injected?.();
  await settled();
  await happens('DOMContentLoaded');
  expect(page.told).toEqual([PREPARE, PREPARE]);
  await inject();
  expect([made, runs]).toEqual([1, 1]);
});

test.each([
  { what: 'own scripts have changed', asks: false, saysOurs: false, later: { hasChanged: true, asks: true } },
  { what: 'own scripts have worded', asks: true, saysOurs: false, later: { hasChanged: true } },
  { what: 'elements have got shadow trees', asks: false, saysOurs: false, later: { shadowAsks: true } },
])('looks again at a page whose $what', async ({ asks, saysOurs, later }) => {
  Object.assign(page, { asks, saysOurs, hasCustomElements: 'shadowAsks' in later });
  watch('loading');
  await happens('readystatechange');
  expect([page.told, page.looks]).toEqual([[], 0]);
  Object.assign(page, later, { saysOurs: true });
  await happens('DOMContentLoaded');
  expect([page.told, page.looks]).toEqual([[PREPARE], 1]);
});

test.each([{ asks: false }, { asks: true }])(
  'looks at a page with nothing to read once where its scripts leave it as it is: $asks',
  async ({ asks }) => {
    Object.assign(page, { asks, saysOurs: false });
    watch('loading');
    await happens('readystatechange');
    expect(page.answers).toBe(false);
    await happens('DOMContentLoaded');
    expect([page.told, page.looks, page.answers]).toEqual([[], 0, asks]);
    // Whatever comes later is looked for as ever.
    Object.assign(page, { asks: true, saysOurs: true });
    await happens('visibilitychange');
    expect([page.told, page.looks]).toEqual([[PREPARE], 1]);
  },
);

test('follows the shadow trees of a page with custom elements, whose screen may come late, and answers the popup', async () => {
  await useLateTrees(async () => {
    expect([page.told, page.answers, resized === undefined]).toEqual([[], true, false]);
    page.shadowAsks = true;
    resized?.();
    vi.advanceTimersByTime(200);
    await settled();
    expect(page.told).toEqual([PREPARE]);
  });
});

test('looks for shadow trees that nothing tells of ever more rarely, and in the end no more', async () => {
  await useLateTrees(async () => {
    const looks: number[] = [];
    for (let seconds = 0; seconds < 300; seconds += 1) {
      const { looks: before } = page;
      vi.advanceTimersByTime(1_000);
      await settled();
      if (page.looks > before) looks.push(seconds);
    }
    expect(looks).toEqual([0, 1, 2, 5, 12, 25, 50, 101]);
  });
});

/** A complete page with custom elements that show nothing yet. */
async function useLateTrees(happening: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    Object.assign(page, { asks: false, hasCustomElements: true });
    watch('loading');
    await happens('readystatechange');
    await happens('DOMContentLoaded');
    await happening();
  } finally {
    vi.useRealTimers();
  }
}

test('asks for no page that is not visible', async () => {
  page.isHidden = true;
  watch('loading');
  await happens('readystatechange');
  await happens('DOMContentLoaded');
  expect(page.told).toEqual([]);
  page.isHidden = false;
  await happens('visibilitychange');
  expect(page.told).toEqual([PREPARE]);
});

test('reads a page at once that was there before', async () => {
  watch('interactive');
  await settled();
  expect(page.told).toEqual([PREPARE]);
  await inject();
  expect([made, runs]).toEqual([1, 1]);
});

test('looks once at a page whose texts change where they are, however often', async () => {
  vi.useFakeTimers();
  try {
    page.saysOurs = false;
    vi.stubGlobal('document', { readyState: 'interactive' });
    watcher.main();
    await vi.advanceTimersByTimeAsync(0);
    expect([page.looks, observed.characterData]).toEqual([1, true]);
    page.saysOurs = true;
    for (let times = 0; times < 5; times += 1) mutated();
    await vi.advanceTimersByTimeAsync(200);
    expect([page.told, page.looks]).toEqual([[PREPARE], 2]);
  } finally {
    vi.useRealTimers();
  }
});
