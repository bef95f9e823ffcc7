import type { InstitutionFace } from '../core/institution/guide.ts';
import { Contact } from './contact.tsx';
import { formatExpiry } from './dates.ts';
import { familyText } from './family-words.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';
import type { CodeView } from './token-state.ts';

interface BelowCodeProps {
  readonly view: CodeView;
  readonly face: InstitutionFace | undefined;
  /** Whether it is so near its end that the customer is told. */
  readonly ending: boolean;
}

interface InsteadOfCodeProps extends BelowCodeProps {
  readonly onRetry: () => void;
}

/** Below a code: what the customer has still to do with the token, or soon. */
export function BelowCode({ view, face, ending }: BelowCodeProps) {
  return (
    <>
      {ending && <EndingNotice view={view} face={face} />}
      {view.registration && <RegistrationNotice view={view} />}
    </>
  );
}

/** The token ends soon and can be renewed until then. */
function EndingNotice({ view: { token, daysLeft }, face }: Pick<BelowCodeProps, 'view' | 'face'>) {
  const text = useText();
  return (
    <Notice tone="warn" title={text('endingTitle', String(daysLeft))}>
      <p>{text(familyText('ending', face), formatExpiry(text, token.expiresAt))}</p>
    </Notice>
  );
}

/** The customer has still to register the token, and until when; or it is not known whether that was done. */
function RegistrationNotice({ view: { token, registration } }: Pick<BelowCodeProps, 'view'>) {
  const text = useText();
  if (registration === 'unheard') {
    return (
      <Notice tone="warn" title={text('unheardTitle')}>
        <p>{text('unheardBody')}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="info" title={text('unregisteredTitle')}>
      <p>{text('unregisteredBody', token.institutionName)}</p>
      {token.bindBy !== undefined && <p>{text('unregisteredUntil', formatExpiry(text, token.bindBy))}</p>}
    </Notice>
  );
}

/** In place of a code: the token is stopped, over or has expired, another device makes its codes, or its key cannot be read. */
export function InsteadOfCode({ view, face, ending, onRetry }: InsteadOfCodeProps) {
  const text = useText();
  const { decider } = view.token;
  const contact = <Contact face={face} name={view.token.institutionName} />;
  if (view.stopped) {
    const locked = view.token.status === 'locked';
    return (
      <Notice tone="danger" title={text(locked ? 'verificationStoppedTitle' : 'suspendedTitle')}>
        {!view.heard && <p>{text('suspendedLastKnown')}</p>}
        <p>{text(locked ? 'verificationStoppedBody' : 'suspendedBody')}</p>
        {contact}
      </Notice>
    );
  }
  if (view.over) {
    return (
      <Notice tone="danger" title={text('overTitle')}>
        {!view.heard && <p>{text('suspendedLastKnown')}</p>}
        <p>{text('overBody')}</p>
        {contact}
      </Notice>
    );
  }
  if (view.registration === 'lapsed') {
    return (
      <Notice tone="danger" title={text('lapsedTitle')}>
        <p>{text('lapsedBody')}</p>
      </Notice>
    );
  }
  if (view.expired) {
    return (
      <Notice tone="danger" title={text('expiredTitle')}>
        <p>{text(familyText('expired', face))}</p>
        {contact}
      </Notice>
    );
  }
  if (decider !== undefined) {
    return (
      <>
        <div class="decided-elsewhere">
          <Notice tone="info" title={text('decidedElsewhere', decider)}>
            <p>{text('decidedElsewhereBody')}</p>
          </Notice>
        </div>
        {ending && <EndingNotice view={view} face={face} />}
      </>
    );
  }
  return (
    <Notice tone="danger" title={text('keyFailedTitle')} role="alert">
      <p>{text(familyText('keyFailed', face))}</p>
      <button type="button" class="button" onClick={onRetry}>
        {text('retry')}
      </button>
      {contact}
    </Notice>
  );
}
