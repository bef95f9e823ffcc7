import { VaultError } from '../core/vault/errors.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import type { TokenVault } from '../core/vault/vault.ts';
import { NameForm } from './enrol/name-form.tsx';
import { useText } from './text.ts';

interface RenameTokenProps {
  readonly token: TokenSummary;
  readonly vault: Pick<TokenVault, 'rename'>;
  readonly onRenamed: (suffix: string) => Promise<void>;
  /** Called when the token was removed in the meantime, in another tab. */
  readonly onMissing: () => Promise<void>;
}

/** トークン表示名変更. */
export function RenameToken({ token, vault, onRenamed, onMissing }: RenameTokenProps) {
  const text = useText();
  const rename = async (suffix: string) => {
    try {
      await vault.rename(token.id, suffix);
    } catch (error) {
      if (error instanceof VaultError && error.failure === 'missing') return onMissing();
      throw error;
    }
    await onRenamed(suffix);
  };
  return <NameForm title={text('renameTitle')} token={token} onRegister={rename} />;
}
