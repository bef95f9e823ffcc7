import type { Institution } from '../../../../core/institution/directory.ts';
import type { BankDependencies } from '../../../context.ts';
import { type Customer, findCustomer, forgetLockNotice, recordLogin } from '../../../store/customers.ts';
import { CODE_NOT_ACCEPTED, readOtp } from '../../../token/code-input.ts';
import { presentCode } from '../../../token/present.ts';
import { currentState, type TokenState } from '../../../token/state.ts';
import { answer, type FormAgain } from '../../../web/answer.ts';
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

/** Asks for the code, after the password was right. */
export async function askForCode(
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
  method: 'password' | 'otp',
): Promise<string> {
  const { db, clock, logger } = dependencies;
  const data = { stage: 'open', customerId } as const;
  const id = await startSession(dependencies, customersOf(institution), previousId, data);
  await recordLogin(db, customerId, new Date(clock()), method);
  logger.info({ institution: institution.key, customer: customerId, event: 'login', method }, 'logged in');
  return id;
}

/** The parts of a login with a code that differ between the families. */
export interface CodePages {
  /** Shows the form again. */
  readonly showForm: (again: FormAgain, status: PageStatus) => Response | Promise<Response>;
  /** Where to send a customer whose token was stopped or ended while they typed the code; undefined if it was not. */
  readonly stoppedAt: (state: TokenState, customer: Customer) => string | undefined;
}

/** Takes the code that was sent for a login. */
export async function takeLoginCode(
  c: BankContext,
  dependencies: BankDependencies,
  pages: CodePages,
): Promise<Response> {
  const { id, session, timedOut } = c.get('visitor');
  if (timedOut) return c.redirect('/timeout', 303);
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, id, 'verify', submission)) return showError(c, dependencies, 403);
  const input = readOtp(c.get('form').get('otp'), c.get('site').institution);
  if (input.kind === 'wrong') return pages.showForm({ errors: [input.error] }, 422);
  const outcome = await doOnce(dependencies, submission, async () =>
    // A second click may come after the first has replaced the session: that is a success.
    session?.stage === 'otp'
      ? verify(c, dependencies, pages, { customerId: session.customerId, submission, code: input.code })
      : { kind: 'done', to: '/' },
  );
  return answer(c, { submission, outcome }, { showForm: pages.showForm });
}

interface Sent {
  readonly customerId: string;
  readonly submission: string;
  readonly code: string;
}

async function verify(
  c: BankContext,
  dependencies: BankDependencies,
  { stoppedAt }: CodePages,
  { customerId, submission, code }: Sent,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, customerId);
  if (customer.user_id === null) return { kind: 'done', to: '/' };
  const presented = await presentCode(dependencies, institution, customer, {
    use: 'verify',
    submission,
    code,
  });
  if (presented.kind === 'accepted') {
    await forgetLockNotice(dependencies.db, customerId);
    const session = await open(dependencies, institution, c.get('visitor').id, customerId, 'otp');
    return { kind: 'done', to: '/top', session };
  }
  if (presented.kind !== 'conflict') return presented;
  dependencies.logger.info(
    { institution: institution.key, customer: customerId, event: 'login' },
    'refused login: token is not in use',
  );
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const to = stoppedAt(state, customer);
  if (to === undefined) return { kind: 'refused', errors: [CODE_NOT_ACCEPTED] };
  await endSession(dependencies.db, c.get('visitor').id);
  return { kind: 'done', to };
}
