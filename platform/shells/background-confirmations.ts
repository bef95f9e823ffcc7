import { lazyConfirmations } from './lazy-confirmations.ts';

/** 取引認証 by the background of the extension. */
export const backgroundConfirmations = lazyConfirmations(() =>
  import('./asked-confirmations.ts').then((script) => script.askedConfirmations),
);
