import type { Confirmations } from '../../core/transaction/confirmations.ts';

/** Undefined where the extension was updated under an open popup: its scripts are gone, and the background is not there to ask. */
const asked = () =>
  import('./asked-confirmations.ts').then(
    ({ askedConfirmations }) => askedConfirmations,
    () => undefined,
  );

/** 取引認証 by the background, loaded when it is first used: a popup that opens draws its code before that. */
export const lazyConfirmations: Confirmations = {
  latest: async () => (await asked())?.latest() ?? { confirmations: [], failed: [] },
  decide: async (...given) => (await asked())?.decide(...given) ?? { kind: 'refused', reason: 'unreachable' },
  code: async (...given) => (await asked())?.code(...given),
  watch: (...given) => void asked().then((confirmations) => confirmations?.watch(...given)),
};
