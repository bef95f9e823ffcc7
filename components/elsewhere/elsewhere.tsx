import type { ChallengeUse } from '../../core/api/challenge.ts';
import type { InstitutionFace } from '../../core/institution/guide.ts';
import type { WaitingLogin } from '../../core/transaction/logins.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { useUnreachable } from '../access.ts';
import { REFUSAL_TEXTS } from '../confirm/confirm-words.ts';
import { Contact } from '../contact.tsx';
import { formatTime } from '../dates.ts';
import { NotMeActions } from '../not-me-actions.tsx';
import { Notice } from '../notice.tsx';
import { usePart } from '../part.ts';
import { type TextKey, useText } from '../text.ts';
import type { ElsewhereModel } from './elsewhere-model.ts';
import { canStop, type Disowned } from './elsewhere-state.ts';

interface ElsewhereProps {
  readonly model: ElsewhereModel;
  readonly tokens: readonly TokenSummary[];
  readonly institution: (key: string) => InstitutionFace | undefined;
}

/** Where the focus goes on, or else the screen's own heading, which comes after. */
const TITLE = '.elsewhere .notice-title, main h1';

/** 「ほかの場所でログインしようとしています」: what waits for a signature that is given elsewhere, if it is the customer's own, and not from here. */
export function Elsewhere(props: ElsewhereProps) {
  const { disowned, logins } = props.model.state.value;
  usePart(disowned ? (disowned.phase.kind === 'stopped' ? 'stopped' : 'asking') : 'told', TITLE);
  if (disowned) return <Stop {...props} disowned={disowned} />;
  return (
    <>
      {logins.map((login) => (
        <Told key={login.id} {...props} login={login} />
      ))}
    </>
  );
}

const USES: Record<ChallengeUse, { readonly title: TextKey; readonly name: TextKey }> = {
  verify: { title: 'elsewhereTitle', name: 'elsewhereLogin' },
  activate: { title: 'elsewhereActivateTitle', name: 'elsewhereActivate' },
  release: { title: 'elsewhereReleaseTitle', name: 'elsewhereRelease' },
};

function Told({ model, tokens, login }: ElsewhereProps & { login: WaitingLogin }) {
  const text = useText();
  return (
    <section class="card confirm elsewhere">
      <Notice tone="warn" role="alert">
        <Title>{text(USES[login.use].title)}</Title>
        <p>{text('elsewhereBody')}</p>
      </Notice>
      <LoginItems login={login} tokens={tokens} />
      <button type="button" class="button wide" onClick={() => model.disown(login)}>
        {text('confirmNotMe')}
      </button>
    </section>
  );
}

/** 心当たりがない, asked once more, as it stops the token; and what came of it. */
function Stop({ model, tokens, institution, disowned }: ElsewhereProps & { disowned: Disowned }) {
  const text = useText();
  const unreachable = useUnreachable();
  const { login, phase } = disowned;
  const name = tokens.find(({ id }) => id === login.tokenId)?.institutionName ?? '';
  const contact = <Contact face={institution(login.institution)} name={name} />;
  if (phase.kind === 'stopped') {
    return (
      <section class="card confirm elsewhere">
        <Notice tone="done" role="alert">
          <Title>{text('notMeDoneTitle')}</Title>
          <p>{text('elsewhereStopped')}</p>
          {contact}
        </Notice>
        <LoginItems login={login} tokens={tokens} />
        <button type="button" class="button primary wide" onClick={model.acknowledge}>
          {text('ok')}
        </button>
      </section>
    );
  }
  const refusal =
    phase.kind === 'refused'
      ? phase.reason === 'gone'
        ? 'elsewhereGone'
        : REFUSAL_TEXTS[phase.reason]
      : undefined;
  return (
    <section class="card confirm elsewhere">
      <Notice tone="danger" role="alert">
        <Title>{text('notMeLead')}</Title>
        <p>{text('elsewhereNotMeBody')}</p>
        {contact}
      </Notice>
      <LoginItems login={login} tokens={tokens} />
      <div class="outcome" aria-live="polite">
        {phase.kind === 'sending' && <p class="visually-hidden">{text('sendingAloud')}</p>}
        {refusal && (
          <Notice tone="danger">
            <p>{text(refusal === 'confirmUnreachable' ? unreachable(refusal) : refusal)}</p>
          </Notice>
        )}
      </div>
      <NotMeActions
        phase={phase}
        canStop={canStop(phase)}
        onStop={() => void model.stop()}
        onKeep={model.keep}
      />
    </section>
  );
}

function Title({ children }: { readonly children: string }) {
  return (
    <h2 class="notice-title" tabIndex={-1}>
      {children}
    </h2>
  );
}

function LoginItems({ login, tokens }: { login: WaitingLogin; tokens: readonly TokenSummary[] }) {
  const text = useText();
  const token = tokens.find(({ id }) => id === login.tokenId);
  const items: readonly (readonly [TextKey, string])[] = [
    ['elsewhereToken', token ? displayName(token) : ''],
    ['elsewhereUse', text(USES[login.use].name)],
    ['confirmNumber', login.number],
    ['elsewhereTime', formatTime(text, login.since)],
  ];
  return (
    <dl class="details">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{text(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
