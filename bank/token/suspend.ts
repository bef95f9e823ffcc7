import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { suspendedByCustomerMail } from '../mail/texts.ts';
import { type Customer, findCustomerByToken } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { deleteSessionsOf } from '../store/sessions.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import type { ServiceAnswer } from './client.ts';
import { refusalOf } from './refusals.ts';
import { currentState } from './state.ts';

type Suspended = { readonly kind: 'suspended' } | Extract<Outcome, { kind: 'blocked' | 'unavailable' }>;

/**
 * 利用停止 by the customer. It ends all the customer's sessions, because whoever has the lost phone may be logged in. If the
 * token is suspended already, that is a success. The mail is written when the token service reports the suspension, just as
 * for one made on the token itself.
 * @param customer whose password was right
 */
export async function suspendToken(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
  submission: string,
): Promise<Suspended> {
  const { db, logger, serviceFor } = dependencies;
  const before = await standingOf(dependencies, institution, customer);
  if (before.kind === 'blocked' || before.kind === 'unavailable') return before;
  if (before.kind === 'can-be') {
    const key = idempotencyKey(dependencies, submission, 'suspend');
    const answer = await serviceFor(institution).suspend(before.userId, key);
    if (answer.kind !== 'ok' || answer.value.status !== 'suspended') {
      // The state changed meanwhile, or the answer was lost: ask for the state.
      const after = await standingOf(dependencies, institution, customer);
      if (after.kind === 'can-be') return isAnswered(answer) ? RESUMED : { kind: 'unavailable' };
      if (after.kind !== 'suspended') return after;
    }
    logger.warn(
      { institution: institution.key, customer: customer.id, event: 'suspend' },
      'customer suspended the token',
    );
  }
  await deleteSessionsOf(db, customer.id);
  return { kind: 'suspended' };
}

/** Whether the token service has decided on the write: its repeat would change nothing. */
const isAnswered = (answer: ServiceAnswer<unknown>): boolean =>
  answer.kind === 'ok' || (answer.kind === 'problem' && answer.code === 'state_conflict');

/** What this form asked for was so once, and staff have resumed the token since. */
const RESUMED = {
  kind: 'blocked',
  notice:
    'トークンは一度利用停止になり、そのあとに解除されました。あらためて利用停止にする場合は、もう一度操作してください。',
} as const;

type Standing = Suspended | { readonly kind: 'can-be'; readonly userId: string };

async function standingOf(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
): Promise<Standing> {
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const notice = refusalOf('suspend', state, institution, dependencies.clock());
  if (state.kind === 'suspended') return { kind: 'suspended' };
  if (notice !== undefined || state.kind === 'none') return { kind: 'blocked', notice: notice ?? '' };
  return { kind: 'can-be', userId: state.token.userId };
}

/** What the token service reports about a token that its customer suspended. */
interface SuspensionTold {
  readonly userId: string;
  readonly suspendedAt: string;
  /** Id of the event. */
  readonly jti: string;
}

/** Ends the customer's sessions and tells them by mail that their token was suspended as they asked. */
export async function noteSuspension(
  dependencies: Pick<BankDependencies, 'clock' | 'keys' | 'randomBytes' | 'logger'>,
  institution: Institution,
  { userId, suspendedAt, jti }: SuspensionTold,
  trx: Handle,
): Promise<void> {
  const customer = await findCustomerByToken(trx, institution.key, userId);
  if (customer === undefined) return;
  await deleteSessionsOf(trx, customer.id);
  if (customer.email === null) return;
  await writeMail(dependencies, trx, {
    id: sha256(`suspended ${institution.key} ${jti}`),
    institution,
    customerId: customer.id,
    kind: 'suspended',
    to: customer.email,
    content: suspendedByCustomerMail(institution, Date.parse(suspendedAt)),
  });
}
