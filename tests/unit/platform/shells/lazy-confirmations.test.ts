import { expect, test, vi } from 'vitest';

vi.stubGlobal('__WARIFU_FACES__', { senpoku: {}, akita: {} });
const { lazyConfirmations } = await import('../../../../platform/shells/lazy-confirmations.ts');

test('a script that cannot be loaded asked nobody, so that nobody claims that nothing waits', async () => {
  const confirmations = lazyConfirmations(() => Promise.reject(new Error('the extension was updated')));
  expect(await confirmations.latest()).toEqual({ confirmations: [], failed: ['senpoku', 'akita'] });
});
