import type { Confirmations } from '../../core/transaction/confirmations.ts';

/** Undefined if the extension was updated while the popup was open: its scripts and its background are gone. */
const asked = () =>
  import('./asked-confirmations.ts').then(
    ({ askedConfirmations }) => askedConfirmations,
    () => undefined,
  );

/** 取引認証 by the background, loaded at its first use, so that the popup draws its code before. */
export const lazyConfirmations: Confirmations = {
  latest: async () => (await asked())?.latest() ?? { confirmations: [], failed: [] },
  decide: async (...given) => (await asked())?.decide(...given) ?? { kind: 'refused', reason: 'unreachable' },
  code: async (...given) => (await asked())?.code(...given),
  watch: (...given) => void asked().then((confirmations) => confirmations?.watch(...given)),
};
