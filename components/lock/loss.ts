import { useEffect, useState } from 'preact/hooks';
import type { Shell } from '../../core/shell.ts';
import type { Wiped } from '../../core/vault/lock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { VaultState } from '../token-state.ts';
import type { Loss } from './recovery.tsx';

/** What happened to the customer's tokens, and their institutions. */
export interface KnownLoss {
  readonly kind: Loss;
  readonly institutions: readonly string[];
}

/** Compares the vault with what is remembered of it elsewhere. */
export function lossOf(
  tokens: readonly Pick<TokenSummary, 'institution'>[],
  remembered: readonly string[],
  wiped: Wiped | undefined,
): KnownLoss {
  if (tokens.length > 0) return { kind: 'none', institutions: tokens.map(({ institution }) => institution) };
  if (wiped) return { kind: 'wiped', institutions: wiped.institutions };
  return { kind: remembered.length > 0 ? 'lost' : 'none', institutions: remembered };
}

/** Remembers the institutions of the tokens, also that there are none, and notices when tokens are gone that nobody removed. */
export function useLoss(
  { lock, reminder }: Pick<Shell, 'lock' | 'reminder'>,
  vault: VaultState,
  tokens: readonly TokenSummary[],
): KnownLoss {
  const [wiped, setWiped] = useState<Wiped>();
  const ready = vault.kind === 'ready';
  const empty = ready && tokens.length === 0;
  useEffect(() => {
    if (!empty) return setWiped(undefined);
    lock.state().then(
      (state) => setWiped(state.wiped),
      () => undefined,
    );
  }, [lock, empty]);
  const known = lossOf(tokens, reminder.remembered(), wiped);
  const certain = ready && known.kind === 'none';
  useEffect(() => {
    if (certain) reminder.remember(tokens.map(({ institution }) => institution));
  }, [reminder, certain, tokens]);
  // a locked or unreadable vault does not count as lost
  return ready ? known : { ...known, kind: 'none' };
}
