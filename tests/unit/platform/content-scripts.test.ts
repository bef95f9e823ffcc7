import { expect, test, vi } from 'vitest';
import { originShown } from '../../../platform/content-scripts.ts';

const scripting = vi.hoisted(() => {
  const scripting = { executeScript: (_injection: unknown): Promise<unknown> => Promise.reject() };
  vi.stubGlobal('chrome', { scripting });
  return scripting;
});

/** A browser whose tab shows one document, and that keeps another for the way back. */
function browserThatShows(shown: string | undefined, kept: readonly string[] = []) {
  scripting.executeScript = async (injection) => {
    const { target } = injection as { target: { documentIds?: string[] } };
    const asked = target.documentIds?.[0] ?? shown;
    if (asked !== shown && !kept.includes(asked ?? '')) throw new Error('no such document');
    return [{ result: 'https://bank.example', documentId: target.documentIds ? asked : shown }];
  };
}

test('a document that the tab shows has its origin', async () => {
  browserThatShows('A');
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBe('https://bank.example');
});

test('one that waits for the way back has none', async () => {
  browserThatShows('B', ['A']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBeUndefined();
});

test('one that is gone has none', async () => {
  browserThatShows('B');
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBeUndefined();
});

test('where the browser does not name what is shown, a document that lets the script in counts', async () => {
  browserThatShows(undefined, ['A']);
  expect(await originShown({ tabId: 1, documentId: 'A' })).toBe('https://bank.example');
});
