import { expect, test, vi } from 'vitest';
import { documentsShown, originShown } from '../../../platform/content-scripts.ts';

const scripting = vi.hoisted(() => {
  const scripting = { executeScript: (_injection: unknown): Promise<unknown> => Promise.reject() };
  vi.stubGlobal('chrome', { scripting });
  return scripting;
});

/** A browser whose tab shows some documents, and that keeps others for the way back. Those of strangers let no script in. */
function browserThatShows(shown: readonly string[], kept: readonly string[] = []) {
  scripting.executeScript = async (injection) => {
    const { target } = injection as { target: { documentIds?: string[] } };
    const asked = target.documentIds ?? shown;
    if (asked.length === 0 || !asked.every((id) => shown.includes(id) || kept.includes(id)))
      throw new Error('no such document');
    return asked.map((documentId) => ({ result: 'https://bank.example', documentId }));
  };
}

test('a document that the tab shows has its origin', async () => {
  browserThatShows(['A']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBe('https://bank.example');
});

test('so has one in a frame', async () => {
  browserThatShows(['top', 'A']);
  expect(await documentsShown(1)).toEqual(['top', 'A']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBe('https://bank.example');
});

test.each([
  ['another page of a bank', ['B']],
  ['a page that lets no script in', []],
])('one that waits for the way back from %s has none', async (_page, shown) => {
  browserThatShows(shown, ['A']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBeUndefined();
  expect(await documentsShown(1)).not.toContain('A');
});

test('one that is gone has none', async () => {
  browserThatShows(['B']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBeUndefined();
});
