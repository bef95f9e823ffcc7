import { expect, test, vi } from 'vitest';
import { aConfirmation } from '../../components/confirm/confirmations.ts';

vi.stubGlobal('__WARIFU_FACES__', { senpoku: {}, akita: {} });
const { lazyConfirmations } = await import('../../../../platform/shells/lazy-confirmations.ts');

test('a script that cannot be loaded asked nobody, so that it claims neither that nothing waits nor that there is no code', async () => {
  const confirmations = lazyConfirmations(() => Promise.reject(new Error('the extension was updated')));
  expect(await confirmations.latest()).toEqual({ confirmations: [], failed: ['senpoku', 'akita'] });
  expect(await confirmations.code(aConfirmation())).toEqual({ kind: 'unreachable' });
});
