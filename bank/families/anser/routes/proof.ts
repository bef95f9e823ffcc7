import type { Hono } from 'hono';
import type { Challenge, ChallengeUse } from '../../../../core/api/challenge.ts';
import { OutageError } from '../../../../core/errors.ts';
import type { Screen } from '../../../../core/family/screen.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { suspendsByCustomer } from '../../../../core/institution/guide.ts';
import { type LoginWay, loginWaysOf } from '../../../../core/institution/login.ts';
import { until } from '../../../../host/deadline.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { HOLD_MS } from '../../../request/status.ts';
import { findCustomer } from '../../../store/customers.ts';
import { isUnknown, leaveChallenge, standingChallenge } from '../../../token/challenge.ts';
import type { ServiceAnswer } from '../../../token/client.ts';
import { currentState, isStop, otpUse, type TokenState, type TokenStop } from '../../../token/state.ts';
import { type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import type { Html } from '../../../web/html.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeProving, endSession, newSessionId } from '../../../web/session.ts';
import type { ProvingSession } from '../../../web/session-data.ts';
import { submissionOf } from '../../../web/submission.ts';
import { giveSession } from '../../../web/visitor.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { CHANGED_PATH, readCode, type SentProof } from '../../common/routes/login.ts';
import { type Asking, type ProofEnd, type ProofState, proofEndedContent } from '../pages/proof.ts';

/** A screen that asks for the token: for its code, or for its signature. */
export interface ProofScreen {
  /** Its form has the same name. */
  readonly use: ChallengeUse;
  readonly screen: Screen;
  readonly path: string;
  readonly stage: ProvingSession['stage'];
  /** What the customer is about to do, as a noun. */
  readonly what: string;
  /** Whether it asks for nothing else: it goes on by itself once the token has signed. */
  readonly goesOn: boolean;
  readonly content: (institution: Institution, state: ProofState) => Html;
}

const MOVED_ON =
  '確認番号が新しくなりました。表示されている確認番号を、もう一度トークンアプリでご確認ください。';
const NOT_SIGNED = 'トークンアプリでの確認がまだ行われていません。確認されてから、もう一度操作してください。';
const INSTEAD = {
  unsigned:
    '有効期限までに確認されなかったため、新しく確認を始めました。表示されている確認番号をご確認ください。',
  unused:
    'トークンアプリで確認されましたが、有効期限までに次へ進まなかったため、新しく確認を始めました。表示されている確認番号をご確認ください。',
} as const;
const EXPIRED =
  '有効期限までにトークンアプリで確認されませんでした。お手続きは行われていません。「もう一度確認する」ボタンを押して下さい。';
const CANNOT_SIGN =
  'お使いのトークンでは、この画面の確認ができません。下記のお問い合わせ先までご連絡ください。';
const NO_CODES =
  'この画面では、ワンタイムパスワードの入力によるお手続きを承っておりません。トークンアプリでご確認ください。';

/** Whoever knows the password can have so many asked that the customer's own login has no place. */
function tooMany(institution: Institution, { stage }: ProofScreen): string {
  const suspends = stage === 'otp' && suspendsByCustomer(institution);
  return `ほかの画面でもトークンアプリでの確認をお待ちしているため、ただいま受け付けられません。数分経ってから、「もう一度確認する」ボタンを押して下さい。お心当たりのない場合は、第三者がログインパスワードを知っているおそれがあります。${suspends ? '「端末を紛失したとき（利用停止）」からトークンを利用停止にするか、' : ''}下記のお問い合わせ先までご連絡ください。`;
}

/** The way that a screen asks in: what the customer chose in this session, or what the institution prefers. */
function wayOf(institution: Institution, { way }: ProvingSession): LoginWay {
  const ways = loginWaysOf(institution);
  return ways.find((one) => one === way) ?? ways[0] ?? 'code';
}

/** The session, if it may see the screen. */
function provingSession(c: BankContext, { stage }: ProofScreen): ProvingSession | undefined {
  const { session } = c.get('visitor');
  const proves = session?.stage === 'otp' || session?.stage === 'open';
  return proves && session.stage === stage ? session : undefined;
}

/** What such a screen needs besides showing and taking its form: following its challenge, and the other way. */
export function proofRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  waiters: Waiters,
  screen: ProofScreen,
): void {
  const { path } = screen;
  app.get(`${path}/status`, (c) => follow(c, dependencies, waiters, screen));
  app.post(`${path}/way`, (c) => changeWay(c, dependencies, screen));
}

/** Answers when the challenge that the page shows does not wait any more. */
async function follow(
  c: BankContext,
  dependencies: BankDependencies,
  waiters: Waiters,
  screen: ProofScreen,
): Promise<Response> {
  const session = provingSession(c, screen);
  const shown = session?.challenge;
  const again = () => c.redirect(screen.path, 303);
  const { institution } = c.get('site');
  if (session === undefined || shown === undefined || wayOf(institution, session) !== 'signed')
    return again();
  if (shown.id !== c.req.query('challenge') || shown.use !== screen.use) return again();
  const { user_id: userId } = await findCustomer(dependencies.db, session.customerId);
  if (userId === null) return again();
  const { id } = c.get('visitor');
  const said = await waiters.hold(id, () => awaitChange(c, dependencies, userId, shown.id));
  if (said === undefined) return c.body(null, 204);
  if (isUnknown(said)) return again();
  if (said.kind !== 'ok') throw new OutageError('the token service says nothing of a challenge');
  const challenge = said.value;
  switch (challenge.status) {
    case 'waiting':
      return c.body(null, 204);
    case 'signed':
      return showAsking(c, dependencies, screen, {
        asking: { kind: 'signed', challenge: challenge.id, goOn: screen.goesOn },
        again: { errors: [] },
      });
    case 'expired':
      if (challenge.signed !== undefined) return again();
      return showAsking(c, dependencies, screen, {
        asking: { kind: 'nothing' },
        again: { errors: [], notice: EXPIRED },
      });
    case 'not-me':
    case 'refused':
      return endProving(c, dependencies, screen, challenge.status, 200);
    default:
      return again();
  }
}

/** @returns what the token service says of a challenge, at once if it does not wait; undefined if nothing was said in time */
async function awaitChange(
  c: BankContext,
  { serviceFor, stopping }: BankDependencies,
  userId: string,
  id: string,
): Promise<ServiceAnswer<Challenge> | undefined> {
  const over = until(HOLD_MS, c.req.raw.signal, stopping);
  const awaiting = { seconds: HOLD_MS / 1_000, signal: over.signal };
  const said = await serviceFor(c.get('site').institution).findChallenge(userId, id, awaiting);
  const isOver = over.signal.aborted;
  over.end();
  return isOver ? undefined : said;
}

/** Remembers the way for the session. An institution that takes no codes is not talked into it by a page. */
async function changeWay(
  c: BankContext,
  dependencies: BankDependencies,
  screen: ProofScreen,
): Promise<Response> {
  const { id, timedOut } = c.get('visitor');
  const { institution } = c.get('site');
  if (timedOut) return c.redirect('/timeout', 303);
  if (provingSession(c, screen) === undefined) return c.redirect('/', 303);
  const way = loginWaysOf(institution).find((one) => one === c.get('form').get('way'));
  if (way === undefined) return showError(c, dependencies, 403);
  await changeProving(dependencies, id, (data) => ({ ...data, way }));
  if (way === 'code') leaveChallenge(c, dependencies);
  return c.redirect(screen.path, 303);
}

/** Shows the screen as it stands: the form, or why there is none. */
export async function showProof(
  c: BankContext,
  dependencies: BankDependencies,
  screen: ProofScreen,
  again: FormAgain,
  status: PageStatus,
): Promise<Response> {
  const session = provingSession(c, screen);
  if (session === undefined) return c.redirect('/', 303);
  const { institution } = c.get('site');
  const showBy = (asking: Asking, changed: FormAgain = again, changedStatus = status) =>
    showAsking(c, dependencies, screen, { asking, again: changed, status: changedStatus });
  if (wayOf(institution, session) === 'code') return showBy({ kind: 'code' });
  if (again.submission !== undefined && session.challenge !== undefined) {
    // It is signed, and what came of its use is not known: the same form may be sent again.
    return showBy({ kind: 'signed', challenge: session.challenge.id, goOn: false });
  }
  const customer = await findCustomer(dependencies.db, session.customerId);
  const { use } = screen;
  if (customer.user_id === null) return c.redirect('/', 303);
  const { id } = c.get('visitor');
  const proving = { sessionId: id, session, userId: customer.user_id, use };
  const standing = await standingChallenge(dependencies, institution, proving);
  switch (standing.kind) {
    case 'unavailable':
      return showBy({ kind: 'nothing' }, { errors: [], notice: UNAVAILABLE }, 503);
    case 'too-many':
      return showBy({ kind: 'nothing' }, { errors: [], notice: tooMany(institution, screen) }, 429);
    case 'conflict':
      break;
    default: {
      const { challenge, instead } = standing;
      if (challenge.status === 'not-me' || challenge.status === 'refused') {
        return endProving(c, dependencies, screen, challenge.status, 403);
      }
      const goOn = screen.goesOn && status === 200;
      const notice = again.notice ?? (instead && INSTEAD[instead]);
      return showBy(askingFor(challenge, goOn), { ...again, ...(notice && { notice }) });
    }
  }
  // Its state changed meanwhile, or it is one that signs nothing.
  const state = await currentState(dependencies, institution, customer);
  const over = screen.stage === 'otp' ? loginOver(state) : undefined;
  if (over !== undefined) {
    await endSession(dependencies.db, id);
    return c.redirect(over, 303);
  }
  return loginWaysOf(institution).includes('code')
    ? showBy({ kind: 'code' })
    : showBy({ kind: 'nothing' }, { errors: [], notice: CANNOT_SIGN }, 409);
}

const askingFor = ({ id, status, number }: Challenge, goOn: boolean): Asking =>
  status === 'waiting' ? { kind: 'waiting', challenge: id, number } : { kind: 'signed', challenge: id, goOn };

/** Where to send a customer whose token cannot be used to log in; undefined if it can. */
function loginOver(state: TokenState | undefined): string | undefined {
  const use = state && otpUse(state);
  if (use === 'not-in-use') return CHANGED_PATH;
  return isStop(use) ? stopPath(use) : undefined;
}

/** Says why a customer whose token accepts nothing cannot log in. */
export const stopPath = (stop: TokenStop): string => `/login/${stop === 'locked' ? 'stopped' : stop}`;

interface Shown {
  readonly asking: Asking;
  readonly again: FormAgain;
  readonly status?: PageStatus;
}

function showAsking(
  c: BankContext,
  dependencies: BankDependencies,
  { use, screen, path, what, goesOn, content }: ProofScreen,
  { asking, again, status = 200 }: Shown,
): Response | Promise<Response> {
  const { institution } = c.get('site');
  const { id } = c.get('visitor');
  // Windows that go on by themselves send one and the same form.
  const submission =
    'challenge' in asking && goesOn
      ? submissionOf(dependencies, id, use, asking.challenge)
      : again.submission;
  const state: ProofState = {
    ...formState(c, dependencies, use, { ...again, ...(submission !== undefined && { submission }) }),
    path,
    what,
    asking,
    other: loginWaysOf(institution).find((way) => way !== (asking.kind === 'code' ? 'code' : 'signed')),
  };
  return show(c, dependencies, { screen, content: content(institution, state), path }, status);
}

/** The session was asked for by somebody else, or stands between the customer and the bank: it ends. */
async function endProving(
  c: BankContext,
  dependencies: BankDependencies,
  { screen, what }: ProofScreen,
  end: ProofEnd,
  status: PageStatus,
): Promise<Response> {
  const { institution } = c.get('site');
  dependencies.logger.warn(
    { institution: institution.key, event: 'signature', end },
    'challenge ended the session',
  );
  await endSession(dependencies.db, c.get('visitor').id);
  giveSession(c, newSessionId(dependencies));
  const content = proofEndedContent(institution, what, end);
  return show(c, dependencies, { screen, heading: `${what}の中止`, content, failed: true }, status);
}

/** Reads what was sent to prove the token: its code where the institution takes any, or a signed challenge of this session. */
export async function readProof(
  c: BankContext,
  dependencies: BankDependencies,
  screen: ProofScreen,
): Promise<SentProof> {
  const { institution } = c.get('site');
  const form = c.get('form');
  const sent = form.get('challenge');
  if (sent === undefined) {
    return loginWaysOf(institution).includes('code') ? readCode(c) : wrong(NO_CODES, 422);
  }
  const session = provingSession(c, screen);
  // A second click may come after the first has ended the session: it gets the answer of the first.
  if (session === undefined) return { kind: 'signature', challenge: sent };
  const { challenge: own } = session;
  if (own?.id !== sent || own.use !== screen.use) return wrong(MOVED_ON, 409);
  const { user_id: userId } = await findCustomer(dependencies.db, session.customerId);
  if (userId === null) return wrong(MOVED_ON, 409);
  const said = await dependencies.serviceFor(institution).findChallenge(userId, sent);
  if (said.kind !== 'ok') return isUnknown(said) ? wrong(MOVED_ON, 409) : wrong(UNAVAILABLE, 503);
  const { status } = said.value;
  if (status === 'waiting') return wrong(NOT_SIGNED, 409);
  return status === 'signed' || status === 'spent'
    ? { kind: 'signature', challenge: sent }
    : { kind: 'wrong', again: { errors: [] }, status: 409 };
}

const wrong = (notice: string, status: PageStatus): SentProof => ({
  kind: 'wrong',
  again: { errors: [], notice },
  status,
});
