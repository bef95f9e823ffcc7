import { useText } from '../text.ts';

/** What the customer has to agree to before a token is set up. */
export function Terms({ agreed, onAgree }: { agreed: boolean; onAgree: (agreed: boolean) => void }) {
  const text = useText();
  return (
    <div class="terms">
      <p class="notice-title">{text('termsTitle')}</p>
      <p>{text('terms')}</p>
      <label class="tick">
        <input type="checkbox" checked={agreed} onChange={(event) => onAgree(event.currentTarget.checked)} />
        {text('agree')}
      </label>
    </div>
  );
}
