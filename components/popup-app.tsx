import { useState } from 'preact/hooks';
import type { PopupShell } from '../core/shell.ts';
import { AccessContext, lacksService } from './access.ts';
import { ClockLine } from './clock-line.tsx';
import { CodeCard } from './code-card.tsx';
import type { Inbox } from './confirm/inbox.ts';
import { InboxLine, useInbox } from './confirm/inbox-line.tsx';
import { Header } from './header.tsx';
import { Icon } from './icon.tsx';
import { useLater } from './later.ts';
import { Loading } from './loading.tsx';
import type { PopupPlace } from './popup-later.tsx';
import { useScreen } from './screen.ts';
import { useShown } from './shown.ts';
import { SwitchButton } from './switch-button.tsx';
import { TextContext, useText } from './text.ts';
import type { TokenModel } from './token-model.ts';
import { isLocked } from './token-state.ts';

interface PopupProps {
  readonly shell: PopupShell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
}

/** The extension's popup: the code at once, what happened on the page behind it, and what waits to be confirmed. */
export function PopupApp(props: PopupProps) {
  return (
    <TextContext.Provider value={props.shell.text}>
      <Popup {...props} />
    </TextContext.Provider>
  );
}

function Popup(props: PopupProps) {
  const { shell, model, inbox } = props;
  const [place, setPlace] = useState<PopupPlace>('code');
  const { vault, tokens, page } = model.state.value;
  const [picked, setPicked] = useState(false);
  const { part: notice, want: wantNotice } = useLater(() => loadNotice(shell));
  if (page) void wantNotice();
  const { part: later, want } = useLater(() => loadLater(shell, inbox));
  const { part: door, want: wantDoor } = useLater(() => loadDoor(shell));
  const locked = isLocked(model.state.value);
  const failure = vault.kind === 'failed' ? vault.failure : undefined;
  if (failure) void wantDoor();
  if (inbox.state.value.answer?.logins?.[0]) void want();
  const home = () => setPlace('code');
  const go = async (to: PopupPlace) => {
    if (await want()) setPlace(to);
  };
  const confirm = () => go('confirm');
  // the token chosen before must not be shown in between
  const chosen = async (id: string) => {
    await model.select(id);
    home();
    setPicked(true);
  };
  useShown(model, place === 'code');
  useInbox(inbox, tokens.length, locked, place !== 'choose' && tokens.length > 0, confirm, model.stand);
  useScreen(vault.kind === 'loading' || (failure && !door) ? undefined : (failure ?? place));
  if (failure) {
    return (
      <>
        <Header />
        <main class="column">
          {door ? <door.PopupDoor {...props} failure={failure} lock={door.lock} /> : <Loading />}
        </main>
      </>
    );
  }
  const choose = () => go('choose');
  return (
    <AccessContext.Provider value={lacksService(page)}>
      {place === 'code' ? <PopupHeader {...props} onSwitch={choose} /> : <Header onBack={home} />}
      <main class="column">
        {later && (
          <later.PopupLater
            {...{ shell, model, inbox, place }}
            models={later.models}
            access={notice?.help.access}
            onChosen={chosen}
            onDone={home}
          />
        )}
        {place === 'code' && (
          <PopupBody {...props} notice={notice} chosen={picked} onConfirm={confirm} onChoose={choose} />
        )}
      </main>
    </AccessContext.Provider>
  );
}

/** The notice about the page, and the browser's help for it. */
async function loadNotice({ loadPageHelp }: PopupShell) {
  const [parts, help] = await Promise.all([import('./popup-notice.tsx'), loadPageHelp()]);
  return { ...parts, help };
}

/** Rarely used screens of the popup, and the state of 取引認証, which stays once it is loaded. */
async function loadLater(shell: PopupShell, inbox: Inbox) {
  const parts = await import('./popup-later.tsx');
  return { ...parts, models: parts.createLaterModels(shell, inbox) };
}

/** The screen while the vault is being read, or if it cannot be read. */
async function loadDoor({ loadLock }: PopupShell) {
  const [parts, lock] = await Promise.all([import('./popup-lock.tsx'), loadLock()]);
  return { ...parts, lock };
}

function PopupHeader({ shell, model, onSwitch }: PopupProps & { onSwitch: () => void }) {
  const text = useText();
  const { tokens } = model.state.value;
  return (
    <Header>
      {tokens.length > 1 && <SwitchButton onClick={onSwitch} />}
      <button type="button" class="button bare" onClick={() => shell.openTokenPage('settings')}>
        <Icon name="settings" />
        {text('settings')}
      </button>
    </Header>
  );
}

interface BodyProps extends PopupProps {
  readonly notice: Awaited<ReturnType<typeof loadNotice>> | undefined;
  /** Whether a token was chosen since the popup was opened. */
  readonly chosen: boolean;
  readonly onConfirm: () => void;
  readonly onChoose: () => void;
}

function PopupBody({ shell, model, inbox, notice, chosen, onConfirm, onChoose }: BodyProps) {
  const text = useText();
  const { vault, clock, page, deviceMs, tokens } = model.state.value;
  const view = model.view.value;
  const { part: empty, want: wantEmpty } = useLater(() => import('./popup-empty.tsx'));
  const add = () => shell.openTokenPage('add');
  if (vault.kind === 'loading') return <Loading />;
  if (view === undefined) {
    void wantEmpty();
    return empty ? <empty.PopupEmpty shell={shell} /> : <Loading />;
  }
  return (
    <>
      <CodeCard
        view={view}
        face={shell.institution(view.token.institution)}
        copyIsPrimary={page === undefined || notice?.invitesCopy(page) === true}
        copy={shell.copy}
        onRetry={model.reload}
      >
        {!view.expired && notice && (
          <notice.PopupNotice {...{ shell, model, chosen, onChoose }} help={notice.help} onAdd={add} />
        )}
      </CodeCard>
      <InboxLine inbox={inbox} tokens={tokens} onOpen={onConfirm} />
      <ClockLine clock={clock} deviceMs={deviceMs} onCheck={model.measureClock} />
      <button type="button" class="button bare wide" onClick={add}>
        {text('addTitle')}
      </button>
    </>
  );
}
