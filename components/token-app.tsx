import { useEffect, useReducer, useState } from 'preact/hooks';
import type { OpeningShell, Shell, TokenPlace } from '../core/shell.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import { AccessContext } from './access.ts';
import { useBackButton } from './back-button.ts';
import { CodeScreen } from './code-screen.tsx';
import type { Inbox } from './confirm/inbox.ts';
import { useInbox } from './confirm/inbox-line.tsx';
import { Header } from './header.tsx';
import { Icon } from './icon.tsx';
import { useLacksService } from './lacks-service.ts';
import { useLater } from './later.ts';
import { Loading } from './loading.tsx';
import { useNoticesOf } from './notices-of.ts';
import type { PreferenceModel } from './preference-model.ts';
import { useScreen } from './screen.ts';
import { useShown } from './shown.ts';
import { SwitchButton } from './switch-button.tsx';
import { TextContext, useText } from './text.ts';
import type { TokenModel } from './token-model.ts';
import { canGoBack, isAtRest, type RouteEvent, reduceRoute, routeTo, shownRoute } from './token-route.ts';
import { isLocked } from './token-state.ts';

interface TokenAppProps extends OpeningShell {
  readonly model: TokenModel;
  readonly inbox: Inbox;
  readonly preferences: PreferenceModel;
  /** The place at which the page opens, and what its address says to it. */
  readonly place: TokenPlace;
  readonly said: string | undefined;
}

/** The full page, in the extension and as the companion on a phone. */
export function TokenApp(props: TokenAppProps) {
  return (
    <TextContext.Provider value={props.shell.text}>
      <Screens {...props} />
    </TextContext.Provider>
  );
}

function Screens({ shell, loadTexts, model, inbox, preferences, place, said }: TokenAppProps) {
  const [wanted, dispatch] = useReducer(reduceRoute, routeTo(place));
  const { part: later, want } = useLater(() => loadLater(shell, loadTexts, inbox));
  const { vault, tokens } = model.state.value;
  const ready = vault.kind === 'ready';
  const locked = isLocked(model.state.value);
  const [judging, setJudging] = useState(false);
  const lacks = useLacksService(shell.access);
  useEffect(() => {
    if (locked) dispatch({ kind: 'locked' });
  }, [locked]);
  const route = ready ? shownRoute(wanted, tokens.length) : wanted;
  const helping = route.at === 'help';
  const hasCode = ready && route.at === 'code';
  if (vault.kind === 'failed' || route.at !== 'code') void want();
  useEffect(() => {
    // all else loads when the code is drawn
    if (hasCode) void want();
  });
  // every screen reads the vault, but only the code's screen opens the key; a token may come from another page
  useShown(model, !ready || tokens.length === 0 || route.at === 'code');
  // does not interrupt what the customer is doing
  useInbox(
    inbox,
    tokens.length,
    locked,
    ready && (route.at === 'code' || route.at === 'confirm'),
    () => dispatch({ kind: 'go', to: 'confirm' }),
    model.stand,
  );
  const seek = async (institution: string) => {
    (await want())?.models.confirmation.want(institution);
    void inbox.ask();
  };
  /** A notice was pressed: whoever holds the phone now unlocks it first. */
  const open = (institution: string) => {
    void shell.lock.lock().catch(() => undefined);
    dispatch({ kind: 'go', to: 'confirm' });
    void seek(institution);
  };
  useEffect(() => {
    if (place === 'confirm' && said !== undefined) void seek(said);
  }, []);
  useNoticesOf(shell.notices, ready && !locked ? tokens : NONE, open);
  const name = locked && !helping ? 'locked' : ready || helping ? route.at : undefined;
  useScreen(later || hasCode ? name : undefined);
  const back = () => dispatch({ kind: 'back' });
  useBackButton((ready || helping) && wanted.at !== 'code', back);
  return (
    <AccessContext.Provider value={lacks}>
      <Header onBack={(ready || helping) && canGoBack(route) ? back : undefined}>
        {hasCode && <HomeButtons several={tokens.length > 1} dispatch={dispatch} />}
      </Header>
      <main class="column">
        {(later ? !helping && vault.kind === 'loading' : !hasCode) && <Loading />}
        {later && (
          <later.TokenLater
            {...{ shell, model, inbox, preferences, route, said, seek, dispatch }}
            models={later.models}
            onJudging={setJudging}
          />
        )}
        {hasCode && <CodeScreen {...{ shell, model, inbox, preferences, dispatch }} />}
        {shell.updates && later && vault.kind !== 'loading' && (
          <later.UpdateNotice updates={shell.updates} idle={locked || isAtRest(route)} judging={judging} />
        )}
      </main>
    </AccessContext.Provider>
  );
}

async function loadLater(shell: Shell, loadTexts: OpeningShell['loadTexts'], inbox: Inbox) {
  const [parts] = await Promise.all([import('./token-later.tsx'), loadTexts()]);
  return { ...parts, models: parts.createLaterModels(shell, inbox) };
}

const NONE: readonly TokenSummary[] = [];

interface HomeButtonsProps {
  readonly several: boolean;
  readonly dispatch: (event: RouteEvent) => void;
}

function HomeButtons({ several, dispatch }: HomeButtonsProps) {
  const text = useText();
  return (
    <>
      {several && <SwitchButton onClick={() => dispatch({ kind: 'go', to: 'choose' })} />}
      <button type="button" class="button bare" onClick={() => dispatch({ kind: 'go', to: 'settings' })}>
        <Icon name="settings" />
        {text('settings')}
      </button>
    </>
  );
}
