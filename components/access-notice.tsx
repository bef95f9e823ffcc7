import type { HostAccess } from '../core/autofill/bank-page.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';

interface AccessNoticeProps {
  readonly access: Pick<HostAccess, 'request'>;
  readonly onAllowed?: () => void;
}

/** That the token service cannot be reached for want of a permission, and the way to give it. */
export function AccessNotice({ access, onAllowed }: AccessNoticeProps) {
  const text = useText();
  const allow = () =>
    void access.request().then(
      (allowed) => allowed && onAllowed?.(),
      // The browser takes the question for none of the customer's: it is still here to be pressed again.
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
