import { useEffect, useReducer, useState } from 'preact/hooks';
import type { RecoveryGuide } from '../core/institution/guide.ts';
import type { Shell, TokenPlace } from '../core/shell.ts';
import type { TokenStanding } from '../core/transaction/confirmations.ts';
import { displayName, mayRegister, type TokenSummary } from '../core/vault/token.ts';
import { AccessContext } from './access.ts';
import { AccessNotice } from './access-notice.tsx';
import { useBackButton } from './back-button.ts';
import { Chooser } from './chooser.tsx';
import { ClockLine } from './clock-line.tsx';
import { CodeCard } from './code-card.tsx';
import { type ConfirmModel, createConfirmModel } from './confirm/confirm-model.ts';
import { ConfirmScreens } from './confirm/confirm-screens.tsx';
import { History } from './confirm/history.tsx';
import type { Inbox } from './confirm/inbox.ts';
import { InboxLine, useInbox } from './confirm/inbox-line.tsx';
import { Caution } from './enrol/caution.tsx';
import { EnrolDone, type EnrolPurpose } from './enrol/enrol-done.tsx';
import { EnrolForm } from './enrol/enrol-form.tsx';
import { MakeForm } from './enrol/make-form.tsx';
import { NameForm } from './enrol/name-form.tsx';
import { Prospect } from './enrol/prospect.tsx';
import { FillModeScreen } from './fill-mode.tsx';
import { Header } from './header.tsx';
import { Icon } from './icon.tsx';
import { useLacksService } from './lacks-service.ts';
import { Loading } from './loading.tsx';
import { useLock } from './lock/follow-lock.ts';
import { LockSettings, LockSetup } from './lock/lock-screens.tsx';
import { useLoss } from './lock/loss.ts';
import { type Loss, LossNotice, Recovery } from './lock/recovery.tsx';
import { Unlock } from './lock/unlock.tsx';
import { WayBack } from './lock/way-back.tsx';
import { Notice } from './notice.tsx';
import { RemoveToken } from './remove-token.tsx';
import { useScreen } from './screen.ts';
import { Settings } from './settings.tsx';
import { useShown } from './shown.ts';
import { StorageFailure } from './storage-failure.tsx';
import { createStorageModel, type StorageModel } from './storage-model.ts';
import { SuspendToken } from './suspend-token.tsx';
import { SwitchButton } from './switch-button.tsx';
import { TextContext, type TextKey, useText } from './text.ts';
import { timeout } from './timeout.ts';
import { TokenList } from './token-list.tsx';
import type { TokenModel } from './token-model.ts';
import {
  canGoBack,
  type Done,
  type Route,
  type RouteEvent,
  reduceRoute,
  routeTo,
  type SettingsItem,
  shownRoute,
  type TokenItem,
} from './token-route.ts';
import { selectedToken } from './token-state.ts';

interface TokenAppProps {
  readonly shell: Shell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
  /** The place at which the page opens. */
  readonly place: TokenPlace;
}

/** The full page, in the extension and as the companion on a phone. */
export function TokenApp(props: TokenAppProps) {
  return (
    <TextContext.Provider value={props.shell.text}>
      <Screens {...props} />
    </TextContext.Provider>
  );
}

function Screens({ shell, model, inbox, place }: TokenAppProps) {
  const [confirmation] = useState(() => createConfirmModel({ ...shell, schedule: timeout }, inbox));
  const [storage] = useState(() => createStorageModel(shell.storage));
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
        {!helping && ready && (
          <Screen {...{ shell, model, inbox, confirmation, storage, route, dispatch }} loss={loss.kind} />
        )}
      </main>
    </AccessContext.Provider>
  );
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

interface ScreenProps {
  readonly shell: Shell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
  readonly confirmation: ConfirmModel;
  readonly storage: StorageModel;
  readonly route: Route;
  readonly loss: Loss;
  readonly dispatch: (event: RouteEvent) => void;
}

function Screen(props: ScreenProps) {
  const { model, route, dispatch } = props;
  switch (route.at) {
    case 'code':
      return <CodeScreen {...props} done={route.done} />;
    case 'choose': {
      // the token chosen before must not be shown in between
      const choose = async (id: string) => {
        await model.select(id);
        dispatch({ kind: 'go', to: 'code' });
      };
      return <Chooser model={model} onChoose={choose} />;
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

function ConfirmScreen({ shell, model, inbox, confirmation, dispatch }: ScreenProps) {
  const text = useText();
  const { tokens } = model.state.value;
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

function CodeScreen({ shell, model, inbox, dispatch, done }: ScreenProps & { done: Done | undefined }) {
  const { clock, tokens } = model.state.value;
  const view = model.view.value;
  if (view === undefined) return <Loading />;
  return (
    <>
      <DoneNotice done={done} guides={shell.guides} />
      <CodeCard
        view={view}
        face={shell.institution(view.token.institution)}
        copyIsPrimary
        copy={shell.copy}
        onRetry={model.reload}
      />
      <InboxLine inbox={inbox} tokens={tokens} onOpen={() => dispatch({ kind: 'go', to: 'confirm' })} />
      <ClockLine clock={clock} onCheck={model.measureClock} />
    </>
  );
}

function DoneNotice({ done, guides }: { done: Done | undefined; guides: readonly RecoveryGuide[] }) {
  const text = useText();
  if (done === undefined) return null;
  return (
    <Notice tone="done" role="status">
      <p>{text(done.what, done.name)}</p>
      {done.what === 'removed' && <WayBack guide={guides.find(({ key }) => key === done.institution)} />}
    </Notice>
  );
}

/** The tokens that an action applies to. Tokens whose institution lets only staff suspend cannot be suspended here. */
function tokensFor(item: SettingsItem, { shell, model }: Pick<ScreenProps, 'shell' | 'model'>) {
  const { tokens } = model.state.value;
  if (item !== 'suspend') return tokens;
  return tokens.filter(({ institution }) =>
    shell.guides.some(({ key, suspends }) => key === institution && suspends),
  );
}

function SettingsScreen({ shell, model, storage, dispatch }: ScreenProps) {
  const { tokens } = model.state.value;
  return (
    <Settings
      tokens={tokens}
      suspends={tokensFor('suspend', { shell, model }).length > 0}
      institution={shell.institution}
      fills={shell.fillModes !== undefined}
      storage={storage}
      onOpen={(item) => dispatch({ kind: 'opened', item, tokens: tokensFor(item, { shell, model }) })}
    />
  );
}

const PICKER_TEXTS: Record<TokenItem, { readonly title: TextKey; readonly lead: TextKey }> = {
  rename: { title: 'renameTitle', lead: 'pickRename' },
  suspend: { title: 'suspendTitle', lead: 'pickSuspend' },
  remove: { title: 'removeTitle', lead: 'pickRemove' },
};

function Picker({ shell, model, dispatch, item }: ScreenProps & { item: TokenItem }) {
  const text = useText();
  const tokens = tokensFor(item, { shell, model });
  const { title, lead } = PICKER_TEXTS[item];
  const choose = (id: string) => {
    const token = tokens.find((one) => one.id === id);
    if (token) dispatch({ kind: 'picked', token });
  };
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text(title)}</h1>
      <p>{text(lead)}</p>
      <TokenList tokens={tokens} onChoose={choose} />
    </section>
  );
}

type EnrolRoute = Extract<Route, { at: 'enrol' | 'make' | 'enrolled' | 'name' | 'caution' }>;

function EnrolScreen({ shell, model, storage, route, dispatch, loss }: ScreenProps & { route: EnrolRoute }) {
  const text = useText();
  const next = () => dispatch({ kind: 'next' });
  const done = (purpose: EnrolPurpose, token: TokenSummary) => {
    void storage.ask();
    void model.select(token.id);
    dispatch({ kind: 'enrolled', purpose, token });
  };
  switch (route.at) {
    case 'make':
      return (
        <>
          <Prospect storage={shell.storage} />
          <MakeForm
            enroller={shell.enroller}
            makers={shell.makers}
            findWaiting={(institution) => findWaiting(shell, institution)}
            onMade={(token) => done(route.purpose, token)}
            onTake={(token) => void model.select(token.id).then(() => dispatch({ kind: 'go', to: 'code' }))}
          />
        </>
      );
    case 'enrol': {
      const { purpose } = route;
      return (
        <>
          <DoneNotice done={route.done} guides={shell.guides} />
          <EnrolLoss loss={loss} onHelp={() => dispatch({ kind: 'go', to: 'help' })} />
          <Prospect storage={shell.storage} />
          <EnrolForm
            enroller={shell.enroller}
            title={text(purpose === 'first' ? 'enrolTitle' : 'addTitle')}
            onEnrolled={(token) => done(purpose, token)}
          />
          {shell.makers.length > 0 && (
            <section class="card">
              <p>{text('makeOffer', shell.makers.map(({ name }) => name).join('、'))}</p>
              <button type="button" class="button wide" onClick={() => dispatch({ kind: 'making', purpose })}>
                {text('makeTitle')}
              </button>
            </section>
          )}
          {purpose === 'first' && loss === 'none' && (
            <button
              type="button"
              class="button bare wide"
              onClick={() => dispatch({ kind: 'go', to: 'help' })}
            >
              {text('enrolHadToken')}
            </button>
          )}
        </>
      );
    }
    case 'enrolled':
      return <EnrolDone purpose={route.purpose} token={route.token} onNext={next} />;
    case 'name': {
      const register = async (suffix: string) => {
        if (suffix !== route.token.suffix) await shell.vault.rename(route.token.id, suffix);
        next();
      };
      return <NameForm title={text('nameTitle')} token={route.token} onRegister={register} />;
    }
    case 'caution':
      return <Caution face={shell.institution(route.token.institution)} storage={storage} onOk={next} />;
  }
}

/** The services are asked first: it may have been registered since. */
async function findWaiting(
  { vault, confirmations, clock }: Shell,
  institution: string,
): Promise<TokenSummary | undefined> {
  const isOne = (token: TokenSummary) => token.institution === institution && mayRegister(token, clock());
  if (!(await vault.list()).some(isOne)) return undefined;
  await confirmations.latest();
  return (await vault.list()).findLast(isOne);
}

function EnrolLoss({ loss, onHelp }: { loss: Loss; onHelp: () => void }) {
  const text = useText();
  if (loss === 'none') return null;
  return (
    <>
      <LossNotice loss={loss} />
      <button type="button" class="button wide" onClick={onHelp}>
        {text('helpOpen')}
      </button>
    </>
  );
}

type TokenRoute = Extract<Route, { at: TokenItem }>;

function TokenScreen({ shell, model, route, dispatch }: ScreenProps & { route: TokenRoute }) {
  const text = useText();
  const { token } = route;
  if (route.at === 'remove') {
    const remove = async () => {
      await shell.vault.remove(token.id);
      const left = model.state.value.tokens.filter(({ id }) => id !== token.id);
      shell.reminder.remember(left.map(({ institution }) => institution));
      await model.reload();
      const { institution } = token;
      dispatch({ kind: 'done', done: { what: 'removed', name: displayName(token), institution } });
    };
    const guide = shell.guides.find(({ key }) => key === token.institution);
    return <RemoveToken token={token} guide={guide} onRemove={remove} />;
  }
  if (route.at === 'suspend') {
    const suspended = (standing: TokenStanding) => {
      model.stand([standing]);
      dispatch({ kind: 'done', done: { what: 'suspended', name: displayName(token) } });
    };
    return (
      <SuspendToken
        token={token}
        face={shell.institution(token.institution)}
        suspender={shell.suspender}
        onSuspended={suspended}
      />
    );
  }
  const rename = async (suffix: string) => {
    await shell.vault.rename(token.id, suffix);
    await model.reload();
    dispatch({ kind: 'done', done: { what: 'renamed', name: displayName({ ...token, suffix }) } });
  };
  return <NameForm title={text('renameTitle')} token={token} onRegister={rename} />;
}
