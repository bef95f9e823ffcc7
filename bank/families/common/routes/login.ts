import type { Hono } from 'hono';
import type { Institution } from '../../../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { type Customer, findCustomer, forgetLockNotice, recordLogin } from '../../../store/customers.ts';
import { CODE_NOT_ACCEPTED, readOtp } from '../../../token/code-input.ts';
import { type Proof, presentCode, presentSignature } from '../../../token/present.ts';
import { currentState, otpUse, type TokenState } from '../../../token/state.ts';
import { answer, type FormAgain } from '../../../web/answer.ts';
import { OVER_PATH } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, showError } from '../../../web/render.ts';
import { customersOf, endSession, startSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { giveSession } from '../../../web/visitor.ts';

/** Logs in a customer whose password is enough. */
export async function logInByPassword(
  c: BankContext,
  dependencies: BankDependencies,
  customerId: string,
): Promise<Response> {
  const { institution } = c.get('site');
  giveSession(c, await open(dependencies, institution, c.get('visitor').id, customerId, 'password'));
  return c.redirect('/top', 303);
}

/** Asks for the token, after the password was right. */
export async function askForToken(
  c: BankContext,
  dependencies: BankDependencies,
  customerId: string,
): Promise<Response> {
  const kind = customersOf(c.get('site').institution);
  const data = { stage: 'otp', customerId } as const;
  giveSession(c, await startSession(dependencies, kind, c.get('visitor').id, data));
  return c.redirect('/login/otp', 303);
}

/** @returns the id of the new session */
async function open(
  dependencies: BankDependencies,
  institution: Institution,
  previousId: string,
  customerId: string,
  method: 'password' | 'otp' | 'signature',
): Promise<string> {
  const { db, clock, logger } = dependencies;
  const data = { stage: 'open', customerId } as const;
  const id = await startSession(dependencies, customersOf(institution), previousId, data);
  await recordLogin(db, customerId, new Date(clock()), method);
  logger.info({ institution: institution.key, customer: customerId, event: 'login', method }, 'logged in');
  return id;
}

/**
 * The login page, for a customer whose token changed during the login or the session: it went out of use, or staff acted on it.
 */
export const CHANGED_PATH = '/login/changed';
const LOGIN_CHANGED = 'ワンタイムパスワードの登録状況が変わりました。もう一度ログインしてください。';

const LOGIN_OVER =
  'ログインは、別の画面での操作などにより終了しています。お手続きの結果は、もう一度ログインしてご確認ください。';

/**
 * The login page: at the start, and where a login or a session has ended.
 * @param showLogin shows it, with a notice of what has ended
 */
export function loginPageRoutes(
  app: Hono<BankEnv>,
  showLogin: (c: BankContext, notice?: string) => Response | Promise<Response>,
): void {
  app.get('/', (c) => {
    const stage = c.get('visitor').session?.stage;
    if (stage === 'open') return c.redirect('/top', 303);
    if (stage === 'otp') return c.redirect('/login/otp', 303);
    return showLogin(c);
  });
  // After a refused login, the back button or a bookmark leads here.
  app.get('/login', (c) => c.redirect('/', 303));
  app.get(CHANGED_PATH, (c) => showLogin(c, LOGIN_CHANGED));
  app.get(OVER_PATH, (c) => {
    const isOver = c.get('visitor').session === undefined;
    return isOver ? showLogin(c, LOGIN_OVER) : c.redirect('/', 303);
  });
}

/** What was sent to prove the token; wrong: nothing that is worth presenting. */
export type SentProof =
  | Proof
  | { readonly kind: 'wrong'; readonly again: FormAgain; readonly status: PageStatus };

/** The parts of a login with a token that differ between the families. */
export interface TokenPages {
  readonly readProof: (c: BankContext) => SentProof | Promise<SentProof>;
  /** Shows the form again. */
  readonly showForm: (again: FormAgain, status: PageStatus) => Response | Promise<Response>;
  /** Where to send a customer whose token was stopped or ended while they typed the code; undefined if it was not. */
  readonly stoppedAt: (state: TokenState, customer: Customer) => string | undefined;
}

/** The code that was typed. */
export function readCode(c: BankContext): SentProof {
  const input = readOtp(c.get('form').get('otp'));
  if (input.kind === 'code') return input;
  return { kind: 'wrong', again: { errors: [input.error] }, status: 422 };
}

/** Takes what was sent to prove the token of a login. */
export async function takeLoginProof(
  c: BankContext,
  dependencies: BankDependencies,
  pages: TokenPages,
): Promise<Response> {
  const { id, session, timedOut } = c.get('visitor');
  if (timedOut) return c.redirect('/timeout', 303);
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, id, 'verify', submission)) return showError(c, dependencies, 403);
  const proof = await pages.readProof(c);
  if (proof.kind === 'wrong') return pages.showForm(proof.again, proof.status);
  const outcome = await doOnce(dependencies, submission, async () =>
    // A second click may come after the first has replaced the session: that is a success.
    session?.stage === 'otp'
      ? verify(c, dependencies, pages, { customerId: session.customerId, submission, proof })
      : { kind: 'done', to: session === undefined ? OVER_PATH : '/' },
  );
  return answer(c, { submission, outcome }, { showForm: pages.showForm });
}

interface Sent {
  readonly customerId: string;
  readonly submission: string;
  readonly proof: Proof;
}

async function verify(
  c: BankContext,
  dependencies: BankDependencies,
  { stoppedAt }: TokenPages,
  { customerId, submission, proof }: Sent,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, customerId);
  if (customer.user_id === null) return { kind: 'done', to: '/' };
  const presented =
    proof.kind === 'code'
      ? await presentCode(dependencies, institution, customer, {
          use: 'verify',
          submission,
          code: proof.code,
        })
      : await presentSignature(dependencies, institution, customer, proof.challenge);
  if (presented.kind === 'accepted') {
    await forgetLockNotice(dependencies.db, customerId);
    const method = proof.kind === 'code' ? 'otp' : 'signature';
    const session = await open(dependencies, institution, c.get('visitor').id, customerId, method);
    return { kind: 'done', to: '/top', session };
  }
  if (presented.kind !== 'conflict') return presented;
  dependencies.logger.info(
    { institution: institution.key, customer: customerId, event: 'login' },
    'refused login: token is not in use',
  );
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const to = otpUse(state) === 'not-in-use' ? CHANGED_PATH : stoppedAt(state, customer);
  if (to === undefined) {
    return { kind: 'refused', errors: proof.kind === 'code' ? [CODE_NOT_ACCEPTED] : [] };
  }
  await endSession(dependencies.db, c.get('visitor').id);
  return { kind: 'done', to };
}
