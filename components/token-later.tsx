import { useContext } from 'preact/hooks';
import type { Shell } from '../core/shell.ts';
import { AccessContext } from './access.ts';
import { AccessNotice } from './access-notice.tsx';
import { type ApprovalModel, createApprovalModel } from './approval/approval-model.ts';
import { ApprovalScreen } from './approval/approval-screen.tsx';
import { isEnded } from './approval/approval-state.ts';
import { useAsked } from './approval/asked.ts';
import { Chooser } from './chooser.tsx';
import { createConfirmModel } from './confirm/confirm-model.ts';
import { ConfirmScreens } from './confirm/confirm-screens.tsx';
import { History } from './confirm/history.tsx';
import { type Inbox, inHand } from './confirm/inbox.ts';
import { DisplaySettings } from './display-settings.tsx';
import { DoneNotice } from './done-notice.tsx';
import { Elsewhere } from './elsewhere/elsewhere.tsx';
import { createElsewhereModel } from './elsewhere/elsewhere-model.ts';
import { EnrolScreen } from './enrol/enrol-screens.tsx';
import { FillModeScreen } from './fill-mode.tsx';
import { InstallScreen } from './install/install-guide.tsx';
import { useLinks } from './links.ts';
import { LockSettings, LockSetup } from './lock/lock-screens.tsx';
import { useLoss } from './lock/loss.ts';
import { Recovery } from './lock/recovery.tsx';
import { Unlock } from './lock/unlock.tsx';
import { NoticesOffer, NoticesScreen } from './notices.tsx';
import { PairingScreen } from './pairing/pairing-screen.tsx';
import type { ScreenProps } from './screen-props.ts';
import { StorageFailure } from './storage-failure.tsx';
import { createStorageModel } from './storage-model.ts';
import { useText } from './text.ts';
import { timeout } from './timeout.ts';
import type { Ordering } from './token-list.tsx';
import type { Done } from './token-route.ts';
import { Picker, SettingsScreen, TokenScreen } from './token-screens.tsx';
import { isLocked, selectedToken } from './token-state.ts';

export { UpdateNotice } from './update-notice.tsx';

/** The state of what is loaded later. */
export type LaterModels = ReturnType<typeof createLaterModels>;

export const createLaterModels = (shell: Shell, inbox: Inbox) => ({
  confirmation: createConfirmModel({ ...shell, schedule: timeout }, inbox),
  elsewhere: createElsewhereModel({ ...shell, schedule: timeout }, inbox),
  approval: createApprovalModelOf(shell, inbox),
  storage: createStorageModel(shell.storage),
});

interface TokenLaterProps extends Omit<ScreenProps, keyof LaterModels | 'loss'> {
  readonly models: LaterModels;
  /** Opens what waits of an institution. */
  readonly seek: (institution: string) => void;
  readonly onJudging: (judging: boolean) => void;
}

/** What the full page loads when the code is drawn, or where there is none: everything but the code's card. */
export function TokenLater({ models, seek, onJudging, ...given }: TokenLaterProps) {
  const { shell, model, inbox, route, dispatch } = given;
  const { vault, tokens } = model.state.value;
  const ready = vault.kind === 'ready';
  const locked = isLocked({ vault });
  const helping = route.at === 'help';
  const lacks = useContext(AccessContext);
  const loss = useLoss(shell, vault, tokens);
  const asked = models.approval?.state.value.shown?.approval.id;
  const deciding = asked !== undefined || models.confirmation.state.value.shown !== undefined;
  const said = useLinks(given.said, route, deciding, (to, institution) => {
    dispatch({ kind: 'go', to });
    if (to === 'confirm' && institution !== undefined) seek(institution);
  });
  useAsked(asked, ready, route, () => dispatch({ kind: 'go', to: 'confirm' }));
  const help = () => dispatch({ kind: 'go', to: 'help' });
  return (
    <>
      {shell.access && lacks && <AccessNotice access={shell.access} onAllowed={model.measureClock} />}
      {helping && (
        <Recovery guides={shell.guides} own={loss.institutions} loss={loss.kind} onPrint={shell.print} />
      )}
      {!helping && locked && (
        <Unlock
          lock={shell.lock}
          waiting={inbox.state.value.answer?.concealed}
          onOpen={model.reload}
          onHelp={help}
          onJudging={onJudging}
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
        <Elsewhere model={models.elsewhere} tokens={tokens} institution={shell.institution} />
      )}
      {!helping && ready && <Screen {...given} {...models} said={said} loss={loss.kind} />}
    </>
  );
}

/** The screen, but for the code's card. */
function Screen(props: ScreenProps) {
  const { shell, model, route, dispatch } = props;
  switch (route.at) {
    case 'code':
      return <AboveCode {...props} done={route.done} />;
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

function AboveCode({ shell, model, approval, dispatch, done }: ScreenProps & { done: Done | undefined }) {
  const text = useText();
  const asked = approval?.state.value;
  return (
    <>
      <DoneNotice done={done} guides={shell.guides} />
      {asked?.shown && !isEnded(asked, asked.shown) && (
        <button type="button" class="button wide" onClick={() => dispatch({ kind: 'go', to: 'confirm' })}>
          {text('approvalWaiting')}
        </button>
      )}
      {shell.notices && <NoticesOffer notices={shell.notices} tokens={model.state.value.tokens} />}
    </>
  );
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
