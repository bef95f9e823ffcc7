import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { watchChanges } from '../../../../entrypoints/watch.content/changes.ts';

/** Changes that were not yet reported, of the one observer. */
let records: unknown[];
let report: () => void;
let observed: unknown;

class Observer {
  constructor(callback: () => void) {
    report = callback;
  }
  observe(_document: unknown, what: unknown) {
    observed = what;
  }
  takeRecords = () => records;
  disconnect() {
    observed = undefined;
  }
}

beforeEach(() => {
  records = [];
  vi.stubGlobal('MutationObserver', Observer);
});
afterAll(() => vi.unstubAllGlobals());

const watch = () => watchChanges({} as Document);

test('sees elements and texts, until it is asked', () => {
  const changed = watch();
  expect(observed).toEqual({ childList: true, characterData: true, subtree: true });
  expect([changed(), observed]).toEqual([false, undefined]);
});

test('counts a change that was reported, after which it sees no more, and one that was not yet', () => {
  const changed = watch();
  report();
  expect([observed, changed()]).toEqual([undefined, true]);
  const changedLast = watch();
  records = [{}];
  expect([changedLast(), observed]).toEqual([true, undefined]);
});
