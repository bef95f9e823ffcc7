import { useRef } from 'preact/hooks';
import type { InstitutionFace } from '../../core/institution/guide.ts';
import type { ApprovalDecision, PendingApproval } from '../../core/transaction/approvals.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { useUnreachable } from '../access.ts';
import { REFUSAL_TEXTS } from '../confirm/confirm-words.ts';
import type { Inbox } from '../confirm/inbox.ts';
import { InboxLine } from '../confirm/inbox-line.tsx';
import { Tick } from '../confirm/question.tsx';
import { TransactionItems } from '../confirm/transaction.tsx';
import { Contact } from '../contact.tsx';
import { Mark } from '../mark.tsx';
import { NotMeActions } from '../not-me-actions.tsx';
import { Notice } from '../notice.tsx';
import { useScreen } from '../screen.ts';
import { useShown } from '../shown.ts';
import { type TextKey, useText } from '../text.ts';
import { type ApprovalModel, transactionOf } from './approval-model.ts';
import {
  type ApprovalState,
  canDecide,
  isAboutNotMe,
  isEnded,
  type ShownApproval,
  secondsLeft,
} from './approval-state.ts';

interface ApprovalScreenProps {
  readonly model: ApprovalModel;
  readonly inbox: Inbox;
  readonly tokens: readonly TokenSummary[];
  readonly institution: (key: string) => InstitutionFace | undefined;
  readonly onDone: () => void;
}

/** 承認: a paired desktop asks for a code, and the customer sees for which page. */
export function ApprovalScreen(props: ApprovalScreenProps) {
  const { model, inbox, tokens, institution } = props;
  useShown(model, true);
  const state = model.state.value;
  const { shown } = state;
  useScreen(shown && `${screenName(state, shown)} ${shown.approval.id}`);
  if (shown === undefined) return null;
  const { approval } = shown;
  const view: ViewProps = {
    ...props,
    state,
    shown,
    token: tokens.find(({ id }) => id === approval.tokenId),
    face: institution(approval.institution),
    transaction: transactionOf(inbox, approval),
  };
  switch (screenName(state, shown)) {
    case 'over':
      return <Over {...view} />;
    case 'not-me':
      return <NotMe {...view} />;
    case 'question':
      return <Question {...view} />;
  }
}

interface ViewProps extends ApprovalScreenProps {
  readonly state: ApprovalState;
  readonly shown: ShownApproval;
  readonly token: TokenSummary | undefined;
  readonly face: InstitutionFace | undefined;
  readonly transaction: PendingConfirmation | undefined;
}

function screenName(state: ApprovalState, shown: ShownApproval): 'question' | 'not-me' | 'over' {
  if (isEnded(state, shown)) return 'over';
  return isAboutNotMe(shown) ? 'not-me' : 'question';
}

function Question({ model, inbox, tokens, state, shown, token, transaction }: ViewProps) {
  const text = useText();
  const { approval } = shown;
  const tick = useRef<HTMLInputElement>(null);
  const lacksDetails =
    approval.isOwnOrigin &&
    approval.confirmation !== undefined &&
    transaction === undefined &&
    shown.phase.kind === 'asking';
  return (
    <section class="card confirm">
      <ApprovalHead shown={shown} token={token} title={text('approvalTitle')} />
      {!approval.isOwnOrigin && (
        <Notice tone="danger" title={text('approvalForeign')} role="alert">
          <p>{text('approvalForeignBody')}</p>
        </Notice>
      )}
      <ApprovalItems approval={approval} />
      {transaction && <TransactionItems details={transaction.details} />}
      {lacksDetails && (
        <Notice tone="warn" title={text('approvalNoDetailsTitle')} role="status">
          <p>{text('approvalNoDetailsBody')}</p>
        </Notice>
      )}
      <p class="quiet">
        {text('approvalCompare')} {text('approvalSeconds', String(secondsLeft(state, shown)))}
      </p>
      <Hindrance state={state} shown={shown} />
      <div class="actions">
        {transaction && approval.isOwnOrigin && <Tick box={tick} model={model} shown={shown} />}
        {lacksDetails && <InboxLine inbox={inbox} tokens={tokens} />}
        <Buttons {...{ model, state, shown, tick }} canApprove={approval.isOwnOrigin && !lacksDetails} />
      </div>
    </section>
  );
}

interface ButtonsProps extends Pick<ViewProps, 'model' | 'state' | 'shown'> {
  readonly tick: { readonly current: HTMLInputElement | null };
  readonly canApprove: boolean;
}

function Buttons({ model, state, shown, tick, canApprove }: ButtonsProps) {
  const text = useText();
  const { approval, phase, agreed } = shown;
  const sending = phase.kind === 'sending';
  const again = phase.kind === 'refused';
  const press = (decision: ApprovalDecision) => () => {
    void model.press(decision);
    if (model.state.peek().shown?.agreeFirst) tick.current?.focus();
  };
  const unticked = approval.confirmation !== undefined && !agreed;
  const approves = !again || phase.decision === 'approved';
  return (
    <>
      {canApprove && approves && (
        <button
          type="button"
          class="button primary wide"
          data-unticked={unticked}
          aria-disabled={unticked || !canDecide(state, shown, 'approved')}
          onClick={press('approved')}
        >
          {text(sending ? 'sending' : again ? 'confirmResend' : 'ok')}
        </button>
      )}
      <div class="refusals">
        {(!again || phase.decision === 'refused') && (
          <button type="button" class="button" aria-disabled={sending} onClick={press('refused')}>
            {text(approval.confirmation === undefined ? 'approvalReject' : 'confirmReject')}
          </button>
        )}
        {!again && (
          <button
            type="button"
            class={approval.isOwnOrigin ? 'button' : 'button danger'}
            aria-disabled={sending}
            onClick={press('not-me')}
          >
            {text('confirmNotMe')}
          </button>
        )}
      </div>
    </>
  );
}

/** Why it cannot be decided at this moment. */
function Hindrance({ state, shown: { phase } }: Pick<ViewProps, 'state' | 'shown'>) {
  const text = useText();
  const unreachable = useUnreachable();
  const seconds = phase.kind === 'waiting' ? Math.ceil((phase.until - state.deviceMs) / 1000) : 0;
  return (
    <>
      <div class="outcome" aria-live="polite">
        {phase.kind === 'sending' && <p class="visually-hidden">{text('sendingAloud')}</p>}
        {phase.kind === 'refused' && (
          <Notice tone="danger">
            <p>
              {text(
                phase.reason === 'unreachable'
                  ? unreachable(REFUSAL_TEXTS.unreachable)
                  : REFUSAL_TEXTS[phase.reason],
              )}
            </p>
          </Notice>
        )}
        {seconds > 0 && (
          <Notice tone="info">
            <p>{text('approvalWaits')}</p>
          </Notice>
        )}
      </div>
      {seconds > 0 && <p class="quiet">{text('approvalWaitsSeconds', String(seconds))}</p>}
    </>
  );
}

function NotMe({ model, state, shown, token, face }: ViewProps) {
  const text = useText();
  return (
    <section class="card confirm">
      <ApprovalHead shown={shown} token={token} title={text('notMeTitle')} />
      <ApprovalItems approval={shown.approval} />
      <Notice tone="danger" title={text('approvalNotMeTitle')}>
        <p>{text('approvalNotMeBody')}</p>
        <Contact face={face} name={token?.institutionName ?? ''} />
      </Notice>
      <Hindrance state={state} shown={shown} />
      <NotMeActions
        phase={shown.phase}
        canStop={canDecide(state, shown, 'not-me')}
        onStop={() => void model.press('not-me')}
        onKeep={model.keep}
      />
    </section>
  );
}

type End = ApprovalDecision | 'gone' | 'late' | 'unheard' | 'unstopped';

const ENDS: Record<End, { readonly title: TextKey; readonly body: TextKey }> = {
  approved: { title: 'approvedTitle', body: 'approvedBody' },
  refused: { title: 'approvalRefusedTitle', body: 'approvalRefusedBody' },
  'not-me': { title: 'notMeDoneTitle', body: 'approvalNotMeDone' },
  gone: { title: 'approvalGoneTitle', body: 'approvalGoneBody' },
  late: { title: 'approvalLateTitle', body: 'approvalLateBody' },
  unheard: { title: 'approvalLateTitle', body: 'approvalUnheardBody' },
  unstopped: { title: 'approvalUnstoppedTitle', body: 'approvalUnstoppedBody' },
};

function endOf({ phase }: ShownApproval): End {
  if (phase.kind === 'decided') return phase.decision;
  if (phase.kind === 'refused' && phase.decision === 'approved') return 'unheard';
  if (phase.kind !== 'gone') return 'late';
  return phase.decision === 'not-me' ? 'unstopped' : 'gone';
}

function Over({ model, state, shown, token, face, onDone }: ViewProps) {
  const text = useText();
  const { approval } = shown;
  const end = endOf(shown);
  const { title, body } = ENDS[end];
  const acknowledge = () => {
    model.acknowledge();
    if (model.state.peek().shown === undefined) onDone();
  };
  return (
    <section class="card confirm">
      {end === 'approved' && (
        <div class="joining seal">
          <Mark size={72} joined />
        </div>
      )}
      <ApprovalHead shown={shown} token={token} title={text(title)} />
      <p class="lead">{text(body)}</p>
      <ApprovalItems approval={approval} />
      {(end === 'not-me' || end === 'unstopped') && (
        <Contact face={face} name={token?.institutionName ?? ''} />
      )}
      <button type="button" class="button primary wide" onClick={acknowledge}>
        {text('ok')}
      </button>
      {canDecide(state, shown, 'not-me') && (
        <button type="button" class="button wide" onClick={() => void model.press('not-me')}>
          {text('confirmNotMe')}
        </button>
      )}
    </section>
  );
}

interface HeadProps {
  readonly shown: ShownApproval;
  readonly token: TokenSummary | undefined;
  readonly title: string;
}

/** The heading, the token, and the number that the desktop shows as well. */
function ApprovalHead({ shown: { approval }, token, title }: HeadProps) {
  const text = useText();
  return (
    <div class="confirm-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p class="quiet">{token && displayName(token)}</p>
      </div>
      <p class="request-number">
        <span>{text('approvalNumber')}</span> <strong>{approval.number}</strong>
      </p>
    </div>
  );
}

/** For which page, and which desktop asks. */
function ApprovalItems({ approval }: { approval: PendingApproval }) {
  const text = useText();
  return (
    <dl class="transaction">
      <div class="name">
        <dt>{text('approvalScreen')}</dt>
        <dd lang="ja">{approval.screen}</dd>
      </div>
      <div class="address" data-alarm={!approval.isOwnOrigin}>
        <dt>{text('approvalOrigin')}</dt>
        <dd translate={false}>
          <bdi>{approval.origin}</bdi>
        </dd>
      </div>
      <div class="name minor">
        <dt>{text('approvalDesktop')}</dt>
        <dd>
          <bdi>{approval.desktop}</bdi>
        </dd>
      </div>
    </dl>
  );
}
