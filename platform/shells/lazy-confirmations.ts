import type { Confirmations } from '../../core/ports.ts';

const asked = async () => (await import('./asked-confirmations.ts')).askedConfirmations;

/** 取引認証 by the background, loaded when it is first used: a popup that opens draws its code before that. */
export const lazyConfirmations: Confirmations = {
  latest: async () => (await asked()).latest(),
  decide: async (...given) => (await asked()).decide(...given),
  code: async (...given) => (await asked()).code(...given),
  watch: (...given) => void asked().then((confirmations) => confirmations.watch(...given)),
};
