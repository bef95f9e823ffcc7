import { useState } from 'preact/hooks';
import type { PopupShell } from '../core/ports.ts';
import { Chooser, SwitchButton } from './chooser.tsx';
import { ClockLine } from './clock-line.tsx';
import { CodeCard } from './code-card.tsx';
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
  readonly shell: Pick<PopupShell, 'text' | 'institution' | 'copy' | 'openTokenPage'>;
  readonly model: TokenModel;
}

/** The extension's popup: the code at once, and what happened on the page behind it. */
export function PopupApp(props: PopupProps) {
  return (
    <TextContext.Provider value={props.shell.text}>
      <Popup {...props} />
    </TextContext.Provider>
  );
}

function Popup({ shell, model }: PopupProps) {
  const [choosing, setChoosing] = useState(false);
  useShown(model, !choosing);
  const place = choosing ? 'choose' : 'code';
  useScreen(model.state.value.vault.kind === 'loading' ? undefined : place);
  const choose = (id: string) => {
    setChoosing(false);
    void model.select(id);
  };
  return (
    <>
      {choosing ? (
        <Header onBack={() => setChoosing(false)} />
      ) : (
        <PopupHeader shell={shell} model={model} onSwitch={() => setChoosing(true)} />
      )}
      <main class="column">
        {choosing ? <Chooser model={model} onChoose={choose} /> : <PopupBody shell={shell} model={model} />}
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

function PopupBody({ shell, model }: PopupProps) {
  const text = useText();
  const { vault, clock, page, deviceMs, filling } = model.state.value;
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
