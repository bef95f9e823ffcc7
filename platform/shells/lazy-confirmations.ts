import type { Confirmations } from '../../core/transaction/confirmations.ts';
import { UNASKED } from './unasked.ts';

/**
 * 取引認証, its script loaded at its first use, so that the code is drawn before.
 * @param load rejects if the script is gone: the extension was updated, or the browser keeps it no more
 */
export function lazyConfirmations(load: () => Promise<Confirmations>): Confirmations {
  const loaded = () => load().catch(() => undefined);
  return {
    latest: async () => (await loaded())?.latest() ?? UNASKED,
    decide: async (...given) => (await loaded())?.decide(...given) ?? UNREACHABLE,
    code: async (...given) => (await loaded())?.code(...given) ?? { kind: 'unreachable' },
    notMe: async (...given) => (await loaded())?.notMe(...given) ?? UNREACHABLE,
    watch: (...given) => void loaded().then((confirmations) => confirmations?.watch(...given)),
  };
}

const UNREACHABLE = { kind: 'refused', reason: 'unreachable' } as const;
