import type { HostAccess } from '../core/autofill/bank-page.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';

interface AccessNoticeProps {
  readonly access: Pick<HostAccess, 'request'>;
  readonly onAllowed?: () => void;
}

/** Says that a permission for the token service is missing, and offers to grant it. */
export function AccessNotice({ access, onAllowed }: AccessNoticeProps) {
  const text = useText();
  const allow = () =>
    void access.request().then(
      (allowed) => allowed && onAllowed?.(),
      // The browser did not accept the click as the customer's wish; the button stays for another press.
      () => undefined,
    );
  return (
    <Notice tone="warn" role="status">
      <p>{text('accessService')}</p>
      <p>{text('accessNext')}</p>
      <button type="button" class="button wide" onClick={allow}>
        {text('accessAllow')}
      </button>
    </Notice>
  );
}
