import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { serialName } from './serial-words.ts';
import { useText } from './text.ts';

/** Which token it is about: its name and its serial number. */
export function TokenPreview({ token }: { readonly token: TokenSummary }) {
  const text = useText();
  return (
    <div class="preview">
      <p class="token-name">{displayName(token)}</p>
      <p class="quiet">
        {text(serialName(token))}: {token.serial}
      </p>
    </div>
  );
}
