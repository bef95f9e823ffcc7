import type { PopupShell } from '../../core/shell.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { Loading } from '../loading.tsx';
import { useScreen } from '../screen.ts';
import { useShown } from '../shown.ts';
import { useText } from '../text.ts';
import { ConfirmList } from './confirm-list.tsx';
import type { ConfirmModel } from './confirm-model.ts';
import { type ConfirmState, isExpired, othersThan, type Shown } from './confirm-state.ts';
import { tokenName } from './confirm-words.ts';
import type { Inbox } from './inbox.ts';
import { InboxLine } from './inbox-line.tsx';
import { ConfirmCode, Decided } from './outcome.tsx';
import { NotMe, Question } from './question.tsx';

export interface ConfirmScreensProps {
  readonly shell: Pick<PopupShell, 'institution' | 'copy'>;
  readonly model: ConfirmModel;
  readonly inbox: Inbox;
  readonly tokens: readonly TokenSummary[];
  /** Called when nothing is left to decide or to read. */
  readonly onDone: () => void;
}

/** 取引認証, in the popup and in the full page. */
export function ConfirmScreens(props: ConfirmScreensProps) {
  const { model, inbox, tokens } = props;
  const text = useText();
  useShown(model, true);
  const state = model.state.value;
  const { answer } = inbox.state.value;
  const { shown, list } = state;
  useScreen(screenName(state));
  const others = shown && shown.phase.kind !== 'sending' && othersThan(state, shown).length > 0;
  return (
    <>
      {shown && <ShownScreen {...props} state={state} shown={shown} />}
      {!shown && list.length > 0 && <ConfirmList list={list} tokens={tokens} onOpen={model.open} />}
      {!shown && list.length === 0 && (
        <Nothing asked={answer !== undefined && answer.concealed === undefined} />
      )}
      {others && (
        <button type="button" class="button bare wide" onClick={model.close}>
          {text('confirmOthers')}
        </button>
      )}
      <InboxLine inbox={inbox} tokens={tokens} shown={shown?.confirmation} eager={list.length === 0} />
    </>
  );
}

interface ShownScreenProps extends ConfirmScreensProps {
  readonly state: ConfirmState;
  readonly shown: Shown;
}

function ShownScreen({ shell, model, state, shown, tokens, onDone }: ShownScreenProps) {
  const { confirmation, phase } = shown;
  const name = tokenName(tokens, confirmation);
  const common = { model, state, shown, name, face: shell.institution(confirmation.details.institution) };
  const acknowledge = () => {
    model.acknowledge();
    const { shown: next, list } = model.state.peek();
    if (next === undefined && list.length === 0) onDone();
  };
  if (phase.kind === 'decided') return <Decided {...common} decision={phase.decision} onOk={acknowledge} />;
  if (phase.kind === 'code') return <ConfirmCode {...common} {...phase} copy={shell.copy} />;
  return isAboutNotMe(shown) ? <NotMe {...common} /> : <Question {...common} />;
}

function isAboutNotMe({ phase }: Shown): boolean {
  if (phase.kind === 'gone') return false;
  return phase.kind === 'not-me' || ('decision' in phase && phase.decision === 'not-me');
}

function Nothing({ asked }: { asked: boolean }) {
  const text = useText();
  return (
    <>
      <section class="card">
        <h1 tabIndex={-1}>{text('confirmTitle')}</h1>
        <p>{text(asked ? 'confirmNothing' : 'confirmLoading')}</p>
      </section>
      {!asked && <Loading />}
    </>
  );
}

/** Name of the screen. A new name moves the focus to the new heading. */
function screenName(state: ConfirmState): string {
  const { shown, list } = state;
  if (shown === undefined) return list.length > 0 ? 'list' : 'none';
  const { confirmation } = shown.confirmation.details;
  const { kind } = shown.phase;
  if (kind === 'gone' || isExpired(state, shown)) return `gone ${confirmation}`;
  if (kind === 'decided' || kind === 'code') return `${kind} ${confirmation}`;
  return `${isAboutNotMe(shown)} ${confirmation}`;
}
