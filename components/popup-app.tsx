import { useState } from 'preact/hooks';
import type { PopupShell } from '../core/ports.ts';
import { Chooser, SwitchButton } from './chooser.tsx';
import { ClockLine } from './clock-line.tsx';
import { CodeCard } from './code-card.tsx';
import type { Inbox } from './confirm/inbox.ts';
import { InboxLine, useInbox } from './confirm/inbox-line.tsx';
import { useConfirmScreens } from './confirm/lazy.tsx';
import { Header } from './header.tsx';
import { Icon } from './icon.tsx';
import { PageNotice } from './page-notice.tsx';
import { invitesCopy } from './page-notice-words.ts';
import { useScreen } from './screen.ts';
import { useShown } from './shown.ts';
import { Loading, StorageFailure } from './storage-failure.tsx';
import { TextContext, useText } from './text.ts';
import type { TokenModel } from './token-model.ts';

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

type Place = 'code' | 'choose' | 'confirm';

function Popup(props: PopupProps) {
  const { shell, model, inbox } = props;
  const [place, setPlace] = useState<Place>('code');
  const { vault, tokens } = model.state.value;
  const screens = useConfirmScreens(shell, inbox);
  const confirm = async () => {
    if (await screens.load()) setPlace('confirm');
  };
  useShown(model, place === 'code');
  useInbox(inbox, place !== 'choose' && tokens.length > 0, confirm);
  useScreen(vault.kind === 'loading' ? undefined : place);
  const home = () => setPlace('code');
  const choose = (id: string) => {
    home();
    void model.select(id);
  };
  return (
    <>
      {place === 'code' ? (
        <PopupHeader {...props} onSwitch={() => setPlace('choose')} />
      ) : (
        <Header onBack={home} />
      )}
      <main class="column">
        {place === 'code' && <PopupBody {...props} onConfirm={confirm} />}
        {place === 'choose' && <Chooser model={model} onChoose={choose} />}
        {place === 'confirm' && screens.draw?.({ tokens, onDone: home })}
      </main>
    </>
  );
}

function PopupHeader({ shell, model, onSwitch }: PopupProps & { onSwitch: () => void }) {
  const text = useText();
  return (
    <Header>
      {model.state.value.tokens.length > 1 && <SwitchButton onClick={onSwitch} />}
      <button type="button" class="button bare" onClick={() => shell.openTokenPage('settings')}>
        <Icon name="settings" />
        {text('settings')}
      </button>
    </Header>
  );
}

function PopupBody({ shell, model, inbox, onConfirm }: PopupProps & { onConfirm: () => void }) {
  const text = useText();
  const { vault, clock, page, deviceMs, filling, tokens } = model.state.value;
  const view = model.view.value;
  if (vault.kind === 'failed') return <StorageFailure failure={vault.failure} onRetry={model.reload} />;
  if (vault.kind === 'loading') return <Loading />;
  if (view === undefined) return <Empty onStart={() => shell.openTokenPage('add')} />;
  return (
    <>
      <CodeCard
        view={view}
        face={shell.institution(view.token.institution)}
        copyIsPrimary={page === undefined || invitesCopy(page)}
        copy={shell.copy}
        onRetry={model.reload}
      >
        {!view.expired && (
          <PageNotice report={page} deviceMs={deviceMs} filling={filling} onFill={model.fill} />
        )}
      </CodeCard>
      <InboxLine inbox={inbox} tokens={tokens} onOpen={onConfirm} />
      <ClockLine clock={clock} onCheck={model.measureClock} />
      <button type="button" class="button bare wide" onClick={() => shell.openTokenPage('add')}>
        {text('addTitle')}
      </button>
    </>
  );
}

function Empty({ onStart }: { onStart: () => void }) {
  const text = useText();
  return (
    <section class="card empty">
      <h1>{text('emptyTitle')}</h1>
      <p>{text('emptyBody')}</p>
      <button type="button" class="button primary wide" onClick={onStart}>
        {text('emptyStart')}
      </button>
    </section>
  );
}
