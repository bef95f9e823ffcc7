import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Notices } from '../core/notices.ts';
import type { Shell, TokenPlace } from '../core/shell.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import { AccessContext } from './access.ts';
import { AccessNotice } from './access-notice.tsx';
import { type ApprovalModel, createApprovalModel } from './approval/approval-model.ts';
import { ApprovalScreen } from './approval/approval-screen.tsx';
import { isEnded } from './approval/approval-state.ts';
import { useBackButton } from './back-button.ts';
import { Chooser } from './chooser.tsx';
import { CodeScreen } from './code-screen.tsx';
import { createConfirmModel } from './confirm/confirm-model.ts';
import { ConfirmScreens } from './confirm/confirm-screens.tsx';
import { History } from './confirm/history.tsx';
import { type Inbox, inHand } from './confirm/inbox.ts';
import { useInbox } from './confirm/inbox-line.tsx';
import { DisplaySettings } from './display-settings.tsx';
import { Elsewhere } from './elsewhere/elsewhere.tsx';
import { createElsewhereModel } from './elsewhere/elsewhere-model.ts';
import { EnrolScreen } from './enrol/enrol-screens.tsx';
import { FillModeScreen } from './fill-mode.tsx';
import { Header } from './header.tsx';
import { Icon } from './icon.tsx';
import { InstallScreen } from './install/install-guide.tsx';
import { useLacksService } from './lacks-service.ts';
import { Loading } from './loading.tsx';
import { useLock } from './lock/follow-lock.ts';
import { LockSettings, LockSetup } from './lock/lock-screens.tsx';
import { useLoss } from './lock/loss.ts';
import { Recovery } from './lock/recovery.tsx';
import { Unlock } from './lock/unlock.tsx';
import { NoticesScreen } from './notices.tsx';
import { PairingScreen } from './pairing/pairing-screen.tsx';
import { createPreferenceModel } from './preference-model.ts';
import { useScreen } from './screen.ts';
import type { ScreenProps } from './screen-props.ts';
import { useShown } from './shown.ts';
import { StorageFailure } from './storage-failure.tsx';
import { createStorageModel } from './storage-model.ts';
import { SwitchButton } from './switch-button.tsx';
import { TextContext, useText } from './text.ts';
import { timeout } from './timeout.ts';
import type { Ordering } from './token-list.tsx';
import type { TokenModel } from './token-model.ts';
import { canGoBack, isAtRest, type RouteEvent, reduceRoute, routeTo, shownRoute } from './token-route.ts';
import { Picker, SettingsScreen, TokenScreen } from './token-screens.tsx';
import { selectedToken } from './token-state.ts';
import { UpdateNotice } from './update-notice.tsx';

interface TokenAppProps {
  readonly shell: Shell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
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

function Screens({ shell, model, inbox, place, said }: TokenAppProps) {
  const [confirmation] = useState(() => createConfirmModel({ ...shell, schedule: timeout }, inbox));
  const [elsewhere] = useState(() => createElsewhereModel(shell, inbox));
  const [approval] = useState(() => createApprovalModelOf(shell, inbox));
  const [storage] = useState(() => createStorageModel(shell.storage));
  const [preferences] = useState(() => createPreferenceModel(shell.preferences));
  const [wanted, dispatch] = useReducer(reduceRoute, routeTo(place));
  const { vault, tokens } = model.state.value;
  const ready = vault.kind === 'ready';
  const locked = useLock(shell.lock.watch, model);
  const lacks = useLacksService(shell.access);
  const loss = useLoss(shell, vault, tokens);
  useEffect(() => {
    if (locked) dispatch({ kind: 'locked' });
  }, [locked]);
  const route = ready ? shownRoute(wanted, tokens.length) : wanted;
  const helping = route.at === 'help';
  // every screen reads the vault, but only the code's screen opens the key
  useShown(model, !ready || route.at === 'code');
  // does not interrupt what the customer is doing
  useInbox(
    inbox,
    tokens.length,
    locked,
    ready && (route.at === 'code' || route.at === 'confirm'),
    () => dispatch({ kind: 'go', to: 'confirm' }),
    model.stand,
  );
  const asked = approval?.state.value.shown?.approval.id;
  useEffect(() => {
    // Nothing else waits so short a time: it is shown wherever nothing is under way.
    if (asked !== undefined && ready && isAtRest(route)) dispatch({ kind: 'go', to: 'confirm' });
  }, [asked, ready]);
  /** A notice was pressed: whoever holds the phone now unlocks it first. */
  const open = (institution: string) => {
    void shell.lock.lock().catch(() => undefined);
    confirmation.want(institution);
    dispatch({ kind: 'go', to: 'confirm' });
    void inbox.ask();
  };
  useEffect(() => {
    if (place === 'confirm' && said !== undefined) confirmation.want(said);
  }, []);
  useNoticesOf(shell.notices, ready && !locked ? tokens : NONE, open);
  useScreen(locked && !helping ? 'locked' : ready || helping ? route.at : undefined);
  const back = () => dispatch({ kind: 'back' });
  useBackButton((ready || helping) && wanted.at !== 'code', back);
  const help = () => dispatch({ kind: 'go', to: 'help' });
  return (
    <AccessContext.Provider value={lacks}>
      <Header onBack={(ready || helping) && canGoBack(route) ? back : undefined}>
        {ready && route.at === 'code' && <HomeButtons several={tokens.length > 1} dispatch={dispatch} />}
      </Header>
      <main class="column">
        {shell.access && lacks && <AccessNotice access={shell.access} onAllowed={model.measureClock} />}
        {helping && (
          <Recovery guides={shell.guides} own={loss.institutions} loss={loss.kind} onPrint={shell.print} />
        )}
        {!helping && vault.kind === 'loading' && <Loading />}
        {!helping && locked && (
          <Unlock
            lock={shell.lock}
            waiting={inbox.state.value.answer?.concealed}
            onOpen={model.reload}
            onHelp={help}
          />
        )}
        {!helping && !locked && vault.kind === 'failed' && (
          <StorageFailure
            failure={vault.failure}
            onRetry={model.reload}
            onHelp={help}
            privateBrowsing={shell.privateBrowsing}
          />
        )}
        {ready && (route.at === 'code' || route.at === 'confirm') && (
          <Elsewhere
            model={elsewhere}
            tokens={tokens}
            institution={shell.institution}
            deviceMs={model.state.value.deviceMs}
          />
        )}
        {!helping && ready && (
          <Screen
            {...{ shell, model, inbox, confirmation, approval, storage, preferences, route, said, dispatch }}
            loss={loss.kind}
          />
        )}
        {shell.updates && vault.kind !== 'loading' && (
          <UpdateNotice updates={shell.updates} idle={locked || isAtRest(route)} />
        )}
      </main>
    </AccessContext.Provider>
  );
}

const NONE: readonly TokenSummary[] = [];

/** Goes to what waits when a notice is pressed, and renews the subscriptions of the tokens that can be signed for. */
function useNoticesOf(
  notices: Notices | undefined,
  tokens: readonly TokenSummary[],
  onPressed: (institution: string) => void,
): void {
  useEffect(() => {
    const following = new AbortController();
    const changed = () => void notices?.renew(tokens);
    notices?.follow({ pressed: onPressed, changed }, following.signal);
    if (tokens.length > 0) changed();
    return () => following.abort();
  }, [notices, tokens]);
}

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

function Screen(props: ScreenProps) {
  const { shell, model, route, dispatch } = props;
  switch (route.at) {
    case 'code':
      return <CodeScreen {...props} done={route.done} />;
    case 'choose': {
      // the token chosen before must not be shown in between
      const choose = async (id: string) => {
        shell.preferences?.noteUse(id, shell.clock());
        await model.select(id);
        dispatch({ kind: 'go', to: 'code' });
      };
      return <Chooser model={model} ordering={orderingOf(props)} onChoose={choose} />;
    }
    case 'settings':
      return <SettingsScreen {...props} />;
    case 'confirm':
      return <ConfirmScreen {...props} />;
    case 'history':
      return <HistoryScreen {...props} />;
    case 'lock':
    case 'lock-setup':
      return <LockScreen {...props} setup={route.at === 'lock-setup'} />;
    case 'fill-mode':
      return <FillingScreen {...props} />;
    case 'display':
      return <DisplaySettings preferences={props.preferences} />;
    case 'notices':
      return shell.notices ? (
        <NoticesScreen notices={shell.notices} tokens={model.state.value.tokens} />
      ) : null;
    case 'install':
      return shell.installer ? <InstallScreen installer={shell.installer} /> : null;
    case 'desktops':
    case 'pair':
      return <PairingScreen {...props} at={route.at} scanned={props.said} />;
    case 'help':
      return null;
    case 'pick':
      return <Picker {...props} item={route.item} />;
    case 'enrol':
    case 'make':
    case 'enrolled':
    case 'name':
    case 'caution':
      return <EnrolScreen {...props} route={route} />;
    case 'rename':
    case 'suspend':
    case 'remove':
      return <TokenScreen {...props} route={route} />;
  }
}

function orderingOf({ shell, preferences }: ScreenProps): Ordering | undefined {
  if (shell.preferences === undefined) return undefined;
  const { order } = preferences.state.value;
  return {
    order,
    lastUsed: shell.preferences.lastUsed(),
    onOrder: (wanted) => preferences.change({ order: wanted }),
  };
}

/** The state of 承認, in a shell that approves. */
function createApprovalModelOf(shell: Shell, inbox: Inbox): ApprovalModel | undefined {
  const { approvals } = shell;
  return approvals && createApprovalModel({ ...shell, approvals, schedule: timeout }, inbox);
}

function ConfirmScreen({ shell, model, inbox, confirmation, approval, dispatch }: ScreenProps) {
  const text = useText();
  const { tokens } = model.state.value;
  const waits = inHand(inbox.state.value).some(({ status }) => status === 'waiting');
  const asked = approval?.state.value;
  // What came of an approval makes room for what waits.
  if (approval && asked?.shown && !(waits && isEnded(asked, asked.shown))) {
    const done = () => {
      if (!waits) dispatch({ kind: 'go', to: 'code' });
    };
    return (
      <ApprovalScreen
        model={approval}
        inbox={inbox}
        tokens={tokens}
        institution={shell.institution}
        onDone={done}
      />
    );
  }
  return (
    <>
      <ConfirmScreens
        shell={shell}
        model={confirmation}
        inbox={inbox}
        tokens={tokens}
        onDone={() => dispatch({ kind: 'go', to: 'code' })}
      />
      <button type="button" class="button bare wide" onClick={() => dispatch({ kind: 'go', to: 'history' })}>
        {text('historyTitle')}
      </button>
    </>
  );
}

function LockScreen({ shell, model, dispatch, setup }: ScreenProps & { setup: boolean }) {
  const { tokens } = model.state.value;
  const given = { lock: shell.lock, tokens, onWiped: model.reload };
  return setup ? (
    <LockSetup {...given} onDone={() => dispatch({ kind: 'next' })} />
  ) : (
    <LockSettings {...given} />
  );
}

function FillingScreen({ shell, model }: ScreenProps) {
  const token = selectedToken(model.state.value);
  const { fillModes, shortcut } = shell;
  if (!fillModes || !token) return null;
  const reports = shell.institution(token.institution)?.reportsRefusedFills === true;
  return <FillModeScreen {...{ fillModes, shortcut, token, reports }} />;
}

function HistoryScreen({ shell, model }: ScreenProps) {
  const { tokens } = model.state.value;
  return <History history={shell.history} tokens={tokens} />;
}
