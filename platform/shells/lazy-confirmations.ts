import type { Confirmations } from '../../core/ports.ts';

/** Where the extension was updated under an open popup, its scripts are gone: then the background is not there to ask. */
const nobody: Confirmations = {
  latest: async () => ({ confirmations: [], failed: [] }),
  decide: async () => ({ kind: 'refused', reason: 'unreachable' }),
  code: async () => undefined,
  watch: () => {},
};

const asked = async () =>
  import('./asked-confirmations.ts').then(
    ({ askedConfirmations }) => askedConfirmations,
    () => nobody,
  );

/** 取引認証 by the background, loaded when it is first used: a popup that opens draws its code before that. */
export const lazyConfirmations: Confirmations = {
  latest: async () => (await asked()).latest(),
  decide: async (...given) => (await asked()).decide(...given),
  code: async (...given) => (await asked()).code(...given),
  watch: (...given) => void asked().then((confirmations) => confirmations.watch(...given)),
};
