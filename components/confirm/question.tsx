import { useRef } from 'preact/hooks';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { InstitutionFace } from '../../core/institution/guide.ts';
import type { Details } from '../../core/transaction/details.ts';
import { TRANSACTIONS } from '../../core/transaction/types.ts';
import { useUnreachable } from '../access.ts';
import { Contact } from '../contact.tsx';
import { NotMeActions } from '../not-me-actions.tsx';
import { Notice } from '../notice.tsx';
import { useText } from '../text.ts';
import type { ConfirmModel } from './confirm-model.ts';
import { type ConfirmState, canDecide, isExpired, leftMs, type Shown } from './confirm-state.ts';
import { labelsOf, REFUSAL_TEXTS, unreadWords, untilWords } from './confirm-words.ts';
import { RequestNumber, TransactionBrief, TransactionItems } from './transaction.tsx';

export interface ShownProps {
  readonly model: ConfirmModel;
  readonly state: ConfirmState;
  readonly shown: Shown;
  readonly name: string | undefined;
  readonly face: InstitutionFace | undefined;
}

/** The transaction, お取引内容を確認しました。, OK, and the two ways to say no. */
export function Question(props: ShownProps) {
  const { shown, state, name, face } = props;
  const text = useText();
  const { details } = shown.confirmation;
  const expired = isExpired(state, shown);
  const over = expired || shown.phase.kind === 'gone';
  return (
    <section class="card confirm">
      <Head shown={shown} title={text(TRANSACTIONS[details.transaction.type].heading)} name={name} />
      {shown.differs.length > 0 && (
        <Differs shown={shown} face={face} name={name}>
          {text('confirmDiffersBody')}
        </Differs>
      )}
      <TransactionItems details={details} />
      {!over && shown.differs.length === 0 && <Unread details={details} unread={shown.unread} />}
      {!over && shown.differs.length === 0 && (
        <div class="confirm-notes quiet">
          <p>{text('confirmNumberHint')}</p>
          <TimeLeft state={state} shown={shown} />
        </div>
      )}
      <div class="outcome" aria-live="polite">
        <Hindrance {...props} expired={expired} />
      </div>
      <Buttons {...props} />
    </section>
  );
}

interface DiffersProps extends Pick<ShownProps, 'shown' | 'face' | 'name'> {
  readonly children: string;
}

/** Fields that differ on the bank's page, and whom to call. */
export function Differs({ shown, face, name, children }: DiffersProps) {
  const text = useText();
  return (
    <Notice tone="danger" title={text('confirmDiffersTitle')} role="alert">
      <p>
        {text('confirmDiffersFields')}{' '}
        {labelsOf(text, shown.confirmation.details, shown.differs).map((label) => (
          <strong key={label} class="differing">
            {label}
          </strong>
        ))}
      </p>
      <p>{children}</p>
      <Contact face={face} name={name ?? ''} />
    </Notice>
  );
}

/** Fields that could not be compared with the bank's page. Nothing is wrong, but the customer should check this screen well. */
function Unread({ details, unread }: { details: Details; unread: readonly string[] }) {
  const text = useText();
  const words = unreadWords(text, details, unread);
  if (words === undefined) return null;
  return (
    <Notice tone="info" role="status">
      <p>{words}</p>
    </Notice>
  );
}

function TimeLeft({ state, shown }: Pick<ShownProps, 'state' | 'shown'>) {
  const text = useText();
  const until = Date.parse(shown.confirmation.details.expiresAt);
  const left = leftMs(state, shown.confirmation, until);
  if (left === undefined || left <= 0) return null;
  return <p>{untilWords(text, 'confirmUntil', until, left)}</p>;
}

interface HindranceProps extends Pick<ShownProps, 'shown' | 'name' | 'face'> {
  readonly expired: boolean;
}

/** Why nothing can be decided now, or why the decision did not arrive. */
function Hindrance({ shown, name, face, expired }: HindranceProps) {
  const text = useText();
  const { phase } = shown;
  const unreachable = useUnreachable();
  if (phase.kind === 'sending') return <p class="visually-hidden">{text('sendingAloud')}</p>;
  if (phase.kind === 'refused' && phase.reason !== 'gone') {
    const isOk = phase.decision === 'confirmed';
    // OK is not sent again where the page differs
    if (isOk && phase.reason !== 'untrusted' && shown.differs.length > 0) return null;
    const words = REFUSAL_TEXTS[phase.reason];
    return (
      <Notice tone="danger">
        <p>{text(phase.reason === 'unreachable' ? unreachable(words) : words)}</p>
        {phase.reason === 'unreachable' && isOk && (
          <>
            <p>{text('confirmRegret')}</p>
            <Contact face={face} name={name ?? ''} />
          </>
        )}
      </Notice>
    );
  }
  if (phase.kind === 'gone') {
    return (
      <Notice tone="warn" title={text('confirmGoneTitle')}>
        <p>{text('confirmGoneBody')}</p>
      </Notice>
    );
  }
  if (!expired) return null;
  return (
    <Notice tone="warn" title={text('confirmExpiredTitle')}>
      <p>{text('confirmExpiredBody')}</p>
    </Notice>
  );
}

function Buttons({ model, state, shown }: ShownProps) {
  const text = useText();
  const tick = useRef<HTMLInputElement>(null);
  const { phase } = shown;
  const sending = phase.kind === 'sending';
  const offers = (decision: DecisionKind) => sending || canDecide(state, shown, decision);
  if (!offers('confirmed') && !offers('rejected'))
    return <Disown model={model} state={state} shown={shown} />;
  const again = phase.kind === 'refused' ? phase.decision : undefined;
  const main = again ?? 'confirmed';
  const confirmable = shown.differs.length === 0;
  const unticked = main === 'confirmed' && !shown.agreed;
  const press = (decision: DecisionKind) => {
    void model.press(decision);
    if (model.state.peek().shown?.agreeFirst) tick.current?.focus();
  };
  return (
    <div class="actions">
      {confirmable && main === 'confirmed' && <Tick box={tick} model={model} shown={shown} />}
      {(confirmable || main !== 'confirmed') && (
        <button
          type="button"
          class="button primary wide"
          data-unticked={unticked}
          aria-disabled={sending || unticked}
          onClick={() => press(main)}
        >
          {text(sending ? 'sending' : again ? 'confirmResend' : 'ok')}
        </button>
      )}
      {offers('not-me') && (
        <div class="refusals">
          {main === 'confirmed' && (
            <button
              type="button"
              class={confirmable ? 'button' : 'button primary'}
              aria-disabled={sending}
              onClick={() => press('rejected')}
            >
              {text('confirmReject')}
            </button>
          )}
          <button type="button" class="button" aria-disabled={sending} onClick={() => press('not-me')}>
            {text('confirmNotMe')}
          </button>
        </div>
      )}
    </div>
  );
}

/** 心当たりがない, of a question that has ended. */
function Disown({ model, state, shown }: Pick<ShownProps, 'model' | 'state' | 'shown'>) {
  const text = useText();
  if (!canDecide(state, shown, 'not-me')) return null;
  return (
    <button type="button" class="button wide" onClick={() => void model.press('not-me')}>
      {text('confirmNotMe')}
    </button>
  );
}

interface TickProps {
  readonly box: { current: HTMLInputElement | null };
  readonly model: Pick<ConfirmModel, 'agree'>;
  readonly shown: Pick<Shown, 'agreed' | 'agreeFirst'> & { readonly phase: { readonly kind: string } };
}

/** お取引内容を確認しました。 */
export function Tick({ box, model, shown }: TickProps) {
  const text = useText();
  return (
    <div>
      <label class="tick">
        <input
          ref={box}
          type="checkbox"
          checked={shown.agreed}
          disabled={shown.phase.kind === 'sending'}
          aria-invalid={shown.agreeFirst ? 'true' : undefined}
          aria-describedby={shown.agreeFirst ? 'agree-first' : undefined}
          onChange={(event) => model.agree(event.currentTarget.checked)}
        />
        {text('confirmAgree')}
      </label>
      {shown.agreeFirst && (
        <p class="problem" id="agree-first">
          {text('confirmAgreeFirst')}
        </p>
      )}
    </div>
  );
}

/** 心当たりがない, asked once more, as it stops the token. */
export function NotMe({ model, state, shown, name, face }: ShownProps) {
  const text = useText();
  return (
    <section class="card confirm">
      <Head shown={shown} title={text('notMeTitle')} name={name} />
      <TransactionBrief details={shown.confirmation.details} />
      <Notice tone="danger" title={text('notMeLead')}>
        <p>{text('notMeBody')}</p>
        <Contact face={face} name={name ?? ''} />
      </Notice>
      <div class="outcome" aria-live="polite">
        <Hindrance {...{ shown, name, face }} expired={false} />
      </div>
      <NotMeActions
        phase={shown.phase}
        canStop={canDecide(state, shown, 'not-me')}
        onStop={() => void model.press('not-me')}
        onKeep={model.keep}
      />
    </section>
  );
}

interface HeadProps {
  readonly shown: Shown;
  readonly title: string;
  readonly name: string | undefined;
}

/** The heading, the token that is asked, and the 確認番号. */
export function Head({ shown, title, name }: HeadProps) {
  return (
    <div class="confirm-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p class="quiet">{name}</p>
      </div>
      <RequestNumber details={shown.confirmation.details} />
    </div>
  );
}
