import type { PopupShell } from '../core/shell.ts';
import type { VaultFailure } from '../core/vault/errors.ts';
import type { Lock } from '../core/vault/lock.ts';
import type { Inbox } from './confirm/inbox.ts';
import { Unlock } from './lock/unlock.tsx';
import { StorageFailure } from './storage-failure.tsx';
import type { TokenModel } from './token-model.ts';

interface PopupDoorProps {
  readonly shell: PopupShell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
  readonly failure: VaultFailure;
  readonly lock: Lock;
}

/** What the popup loads if the vault is locked or cannot be read. */
export function PopupDoor({ shell, model, inbox, failure, lock }: PopupDoorProps) {
  const help = () => shell.openTokenPage('help');
  if (failure === 'locked') {
    return (
      <Unlock
        lock={lock}
        waiting={inbox.state.value.answer?.concealed}
        onOpen={model.reload}
        onPasskeyElsewhere={() => shell.openTokenPage('code')}
        onHelp={help}
      />
    );
  }
  return (
    <StorageFailure
      failure={failure}
      onRetry={model.reload}
      onHelp={help}
      privateBrowsing={shell.privateBrowsing}
    />
  );
}
