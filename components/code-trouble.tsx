import type { InstitutionFace } from '../core/institution/guide.ts';
import { Contact } from './contact.tsx';
import { formatExpiry } from './dates.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';
import type { CodeView } from './token-state.ts';

interface CodeTroubleProps {
  readonly view: CodeView;
  readonly face: InstitutionFace | undefined;
  readonly onRetry: () => void;
}

/** Below the code: the token ends soon and can be renewed until then. */
export function EndingNotice({ view: { token, daysLeft } }: Pick<CodeTroubleProps, 'view'>) {
  const text = useText();
  return (
    <Notice tone="warn" title={text('endingTitle', String(daysLeft))}>
      <p>{text('endingBody', formatExpiry(text, token.expiresAt))}</p>
    </Notice>
  );
}

/** Under the code: the customer has still to register the token, and until when. */
export function UnregisteredNotice({ view: { token } }: Pick<CodeTroubleProps, 'view'>) {
  const text = useText();
  return (
    <Notice tone="info" title={text('unregisteredTitle')}>
      <p>{text('unregisteredBody', token.institutionName)}</p>
      {token.bindBy !== undefined && <p>{text('unregisteredUntil', formatExpiry(text, token.bindBy))}</p>}
    </Notice>
  );
}

/** In place of a code: the token is suspended or has expired, or its key cannot be read. */
export function CodeTrouble({ view, face, onRetry }: CodeTroubleProps) {
  const text = useText();
  const contact = <Contact face={face} name={view.token.institutionName} />;
  if (view.suspended) {
    return (
      <Notice tone="danger" title={text('suspendedTitle')}>
        {!view.heard && <p>{text('suspendedLastKnown')}</p>}
        <p>{text('suspendedBody')}</p>
        {contact}
      </Notice>
    );
  }
  if (view.lapsed) {
    return (
      <Notice tone="danger" title={text('lapsedTitle')}>
        <p>{text('lapsedBody')}</p>
      </Notice>
    );
  }
  if (view.expired) {
    return (
      <Notice tone="danger" title={text('expiredTitle')}>
        <p>{text('expiredBody')}</p>
        {contact}
      </Notice>
    );
  }
  return (
    <Notice tone="danger" title={text('keyFailedTitle')} role="alert">
      <p>{text('keyFailedBody')}</p>
      <button type="button" class="button" onClick={onRetry}>
        {text('retry')}
      </button>
      {contact}
    </Notice>
  );
}
