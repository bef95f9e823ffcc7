import type { InstitutionFace } from '../core/institution/guide.ts';
import { Contact } from './contact.tsx';
import { formatExpiry } from './dates.ts';
import { familyText } from './family-words.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';
import type { CodeView } from './token-state.ts';

interface CodeTroubleProps {
  readonly view: CodeView;
  readonly face: InstitutionFace | undefined;
  readonly onRetry: () => void;
}

interface DecidedElsewhereProps extends Pick<CodeTroubleProps, 'view' | 'face'> {
  /** The other device's name. */
  readonly decider: string;
  readonly ending: boolean;
}

/** Below the code: the token ends soon and can be renewed until then. */
export function EndingNotice({ view: { token, daysLeft }, face }: Pick<CodeTroubleProps, 'view' | 'face'>) {
  const text = useText();
  return (
    <Notice tone="warn" title={text('endingTitle', String(daysLeft))}>
      <p>{text(familyText('ending', face), formatExpiry(text, token.expiresAt))}</p>
    </Notice>
  );
}

/** Under the code: the customer has still to register the token, and until when; or it is not known whether that was done. */
export function RegistrationNotice({ view: { token, registration } }: Pick<CodeTroubleProps, 'view'>) {
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

/** In place of a code: another device makes it, and sends it to recognised pages once its customer approves. */
export function DecidedElsewhere({ decider, view, face, ending }: DecidedElsewhereProps) {
  const text = useText();
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

/** In place of a code: the token is suspended, over or has expired, or its key cannot be read. */
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
