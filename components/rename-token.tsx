import { VaultError } from '../core/vault/errors.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import type { TokenVault } from '../core/vault/vault.ts';
import { NameForm } from './enrol/name-form.tsx';

interface RenameTokenProps {
  readonly title: string;
  readonly token: TokenSummary;
  readonly vault: Pick<TokenVault, 'rename'>;
  readonly onRenamed: (suffix: string) => Promise<void>;
  /** Called when the token was removed in the meantime, in another tab. */
  readonly onMissing: () => Promise<void>;
}

/** トークン表示名設定 and トークン表示名変更, kept on this device. A name that stays as it was needs no storage. */
export function RenameToken({ title, token, vault, onRenamed, onMissing }: RenameTokenProps) {
  const rename = async (suffix: string) => {
    try {
      if (suffix !== token.suffix) await vault.rename(token.id, suffix);
    } catch (error) {
      if (error instanceof VaultError && error.failure === 'missing') return onMissing();
      throw error;
    }
    await onRenamed(suffix);
  };
  return <NameForm title={title} token={token} onRegister={rename} />;
}
