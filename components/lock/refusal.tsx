import type { LockMethod, LockOutcome } from '../../core/vault/lock.ts';
import { Notice } from '../notice.tsx';
import { useText } from '../text.ts';
import { refusalText } from './lock-words.ts';

interface RefusalProps {
  readonly outcome: LockOutcome | undefined;
  /** The method that was asked for. */
  readonly method: LockMethod;
  /** Tries left before this one, once there are few. */
  readonly triesLeft?: number | undefined;
}

/** Why the vault did not open, and how many tries are left; read out when it changes. */
export function Refusal({ outcome, method, triesLeft }: RefusalProps) {
  const text = useText();
  const refused = outcome?.kind === 'refused' ? outcome : undefined;
  const left = refused ? refused.triesLeft : triesLeft;
  return (
    <div class="outcome" aria-live="polite">
      {(refused || left !== undefined) && (
        <Notice tone={refused ? 'danger' : 'warn'}>
          {refused && <p>{text(refusalText(refused.reason, method))}</p>}
          {left !== undefined && <p>{text('pinTriesLeft', String(left))}</p>}
        </Notice>
      )}
    </div>
  );
}
