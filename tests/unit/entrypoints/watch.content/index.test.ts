import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Filler } from '../../../../entrypoints/watch.content/handover.ts';

/** In which order the watcher fetches the reader and lets it begin. What it finds in a page is tried in browsers. */

const page = vi.hoisted(() => ({
  isHidden: false,
  /** In the document itself, and in its shadow trees. */
  asks: true,
  shadowAsks: false,
  told: [] as unknown[],
  /** The background has answered. */
  injected: undefined as (() => void) | undefined,
}));

vi.mock('../../../../entrypoints/watch.content/page.ts', () => ({
  SETTLE_MS: 200,
  rootsOf: () => [],
  isTranslated: () => false,
  isHidden: () => page.isHidden,
  asksPlainly: () => page.asks,
  asksForAnything: () => page.asks || page.shadowAsks,
  saysOurs: () => page.asks || page.shadowAsks,
}));
vi.mock('../../../../entrypoints/watch.content/speaker.ts', () => ({ isSpeaker: () => true }));
vi.mock('../../../../platform/messaging/page.ts', () => ({
  answerExtensionPages: () => undefined,
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

let events: EventTarget;
let runs: number;
let made: number;

const makeFiller = (): Filler<unknown> => {
  made += 1;
  return {
    run: async () => {
      runs += 1;
    },
    returned: async () => undefined,
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
  Object.assign(page, { isHidden: false, asks: true, shadowAsks: false, told: [], injected: undefined });
  [events, runs, made] = [new EventTarget(), 0, 0];
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  vi.stubGlobal(
    'MutationObserver',
    class {
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

test('asks for a complete page what its own scripts or shadow trees have brought', async () => {
  page.asks = false;
  watch('loading');
  await happens('readystatechange');
  expect(page.told).toEqual([]);
  page.shadowAsks = true;
  await happens('DOMContentLoaded');
  expect(page.told).toEqual([PREPARE]);
});

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
