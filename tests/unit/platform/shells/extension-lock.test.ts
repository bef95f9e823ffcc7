import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useFakeIndexedDb } from '../storage/fake-database.ts';

vi.mock('../../../../platform/native.ts', () => ({ native: { i18n: { getMessage: () => '' } } }));

beforeEach(() => {
  vi.resetModules();
  useFakeIndexedDb(new IDBFactory());
});
afterEach(() => vi.unstubAllGlobals());

test.each([
  ['chrome-extension:', 'screen'],
  ['moz-extension:', 'device'],
])(
  'on %s use of the %s keeps it open: Firefox tells nothing of the screen lock',
  async (protocol, usePlace) => {
    vi.stubGlobal('location', { protocol });
    const { extensionLock } = await import('../../../../platform/shells/extension-lock.ts');
    expect(await extensionLock.state()).toMatchObject({ usePlace });
  },
);
