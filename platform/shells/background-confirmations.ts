import { lazyConfirmations } from './lazy-confirmations.ts';

/** 取引認証 by the background of the extension. */
export const backgroundConfirmations = lazyConfirmations(
  async () => (await import('./asked-confirmations.ts')).askedConfirmations,
);
