import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Installer } from '../../core/install.ts';
import type { Shell } from '../../core/shell.ts';
import { mayRegister } from '../../core/vault/registration.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { DoneNotice } from '../done-notice.tsx';
import { HomeScreenFirst } from '../install/install-guide.tsx';
import { type Loss, LossNotice } from '../lock/recovery.tsx';
import { RenameToken } from '../rename-token.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { useText } from '../text.ts';
import type { Route } from '../token-route.ts';
import { Caution } from './caution.tsx';
import { EnrolDone, type EnrolPurpose } from './enrol-done.tsx';
import { EnrolForm } from './enrol-form.tsx';
import { MakeForm } from './make-form.tsx';
import { Prospect } from './prospect.tsx';

type EnrolRoute = Extract<Route, { at: 'enrol' | 'make' | 'enrolled' | 'name' | 'caution' }>;

/** 初期設定, トークン追加, and シリアル番号のトークンを作る, to the last step. */
export function EnrolScreen(props: ScreenProps & { route: EnrolRoute }) {
  const { shell, model, storage, route, dispatch } = props;
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
          <EnrolLoss loss={props.loss} onHelp={() => dispatch({ kind: 'go', to: 'help' })} />
          <AfterHomeScreen installer={purpose === 'first' ? shell.installer : undefined}>
            <EnrolStart {...props} purpose={purpose} onEnrolled={(token) => done(purpose, token)} />
          </AfterHomeScreen>
        </>
      );
    }
    case 'enrolled':
      return <EnrolDone purpose={route.purpose} token={route.token} onNext={next} />;
    case 'name': {
      const missing = async () => {
        await model.reload();
        dispatch({ kind: 'go', to: 'code' });
      };
      return (
        <RenameToken
          title={text('nameTitle')}
          token={route.token}
          vault={shell.vault}
          onRenamed={async () => next()}
          onMissing={missing}
        />
      );
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

interface EnrolStartProps extends Pick<ScreenProps, 'shell' | 'dispatch' | 'loss'> {
  readonly purpose: EnrolPurpose;
  readonly onEnrolled: (token: TokenSummary) => void;
}

/** The form, and the ways to other beginnings. */
function EnrolStart({ shell, dispatch, loss, purpose, onEnrolled }: EnrolStartProps) {
  const text = useText();
  const { installer, makers } = shell;
  const isFirst = purpose === 'first';
  return (
    <>
      <Prospect storage={shell.storage} />
      <EnrolForm
        enroller={shell.enroller}
        title={text(isFirst ? 'enrolTitle' : 'addTitle')}
        onEnrolled={onEnrolled}
      />
      {makers.length > 0 && (
        <section class="card">
          <p>{text('makeOffer', makers.map(({ name }) => name).join('、'))}</p>
          <button type="button" class="button wide" onClick={() => dispatch({ kind: 'making', purpose })}>
            {text('makeTitle')}
          </button>
        </section>
      )}
      {shell.pairing.kind === 'desktop' && (
        <section class="card">
          <p>{text('pairOffer')}</p>
          <button type="button" class="button wide" onClick={() => dispatch({ kind: 'go', to: 'pair' })}>
            {text('pairPhoneTitle')}
          </button>
        </section>
      )}
      {isFirst && installer?.installed === false && (
        <button
          type="button"
          class="button bare wide"
          onClick={() => dispatch({ kind: 'go', to: 'install' })}
        >
          {text('installTitle')}
        </button>
      )}
      {isFirst && loss === 'none' && (
        <button type="button" class="button bare wide" onClick={() => dispatch({ kind: 'go', to: 'help' })}>
          {text('enrolHadToken')}
        </button>
      )}
    </>
  );
}

interface AfterHomeScreenProps {
  readonly installer: Installer | undefined;
  readonly children: ComponentChildren;
}

/** On iOS first the way to the Home Screen, then the rest; elsewhere the rest. */
function AfterHomeScreen({ installer, children }: AfterHomeScreenProps) {
  const [later, setLater] = useState(false);
  if (installer?.way !== 'ios' || installer.installed || later) return <>{children}</>;
  return <HomeScreenFirst installer={installer} onLater={() => setLater(true)} />;
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
