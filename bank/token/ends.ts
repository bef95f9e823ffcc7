import type { Institution } from '../../core/institution/directory.ts';
import { nextReminderAt, reminderDue } from '../../core/institution/expiry.ts';
import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { endingMail } from '../mail/texts.ts';
import { endToken } from '../store/customer-tokens.ts';
import type { Customer } from '../store/customers.ts';
import {
  claimReminder,
  lookAgainAt,
  noteTokenEnd,
  type TokenEnd,
  takeEndsToLookAt,
} from '../store/token-ends.ts';
import { inTurn } from './in-turn.ts';
import { knownToken, type TokenState } from './state.ts';

const BATCH = 50;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** The longest time between two checks of a customer who does not log in. */
const LONGEST_MS = 30 * DAY_MS;

type EndsDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'directory' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

/** When a token ends, if it can be used or could be resumed. */
const endOf = (state: TokenState): Date | null => {
  const counts = state.kind === 'active' || state.kind === 'locked' || state.kind === 'suspended';
  return counts && state.token.expiresAt !== undefined ? new Date(state.token.expiresAt) : null;
};

/** Notes 利用解除; after a lost answer the bank may learn of it only now. */
async function noteRelease(
  { db, clock }: Pick<BankDependencies, 'db' | 'clock'>,
  { id, userId }: TokenEnd,
  state: TokenState,
): Promise<void> {
  if (state.kind !== 'released') return;
  const { releasedAt } = state.token;
  await endToken(db, id, userId, new Date(releasedAt ?? clock()));
}

/** Saves what the service reported about the customer's token: 利用解除, and its end if that has changed. */
export async function noteEnd(
  dependencies: Pick<BankDependencies, 'db' | 'clock'>,
  { id, user_id: userId, token_ends_at: known }: Customer,
  state: TokenState,
): Promise<void> {
  // The customer has another token by now.
  if (userId === null || state.kind === 'none' || state.token.userId !== userId) return;
  const end = { id, userId, endsAt: endOf(state) };
  await noteRelease(dependencies, end, state);
  if (known?.getTime() !== end.endsAt?.getTime()) await noteTokenEnd(dependencies.db, end);
}

/**
 * Tells customers by mail that their token ends soon: once for each of the days in the policy, on any number of nodes. It
 * asks the service about each token, so that nobody is warned about one that was renewed or released meanwhile.
 */
export async function tellOfEnds(dependencies: EndsDependencies): Promise<void> {
  const { db, clock, directory } = dependencies;
  const now = clock();
  const looking = {
    now: new Date(now),
    until: new Date(now + HOUR_MS),
    furthest: new Date(now + LONGEST_MS),
    most: BATCH,
  };
  await inTurn(directory, await takeEndsToLookAt(db, looking), async (institution, customer) => {
    const { user_id: userId } = customer;
    if (userId === null) return true;
    const state = await knownToken(dependencies, institution, userId);
    if (state === undefined) return false;
    await tellOfEnd(dependencies, institution, { customer, userId, state });
    return true;
  });
}

/** A customer's token as the service just reported it. */
interface Looked {
  readonly customer: Pick<Customer, 'id' | 'email'>;
  readonly userId: string;
  readonly state: TokenState;
}

/** Saves when the token ends, tells the customer if a mail is due, and sets the next check. */
async function tellOfEnd(
  dependencies: EndsDependencies,
  institution: Institution,
  { customer: { id, email }, userId, state }: Looked,
): Promise<void> {
  const { db, clock } = dependencies;
  const end = { id, userId, endsAt: endOf(state) };
  await noteRelease(dependencies, end, state);
  await noteTokenEnd(db, end);
  if (state.kind === 'active') await remind(dependencies, institution, email, end);
  await lookAgainAt(db, end, new Date(nextLook(institution, state, clock())));
}

function nextLook(institution: Institution, state: TokenState, now: number): number {
  if (state.kind === 'released' || state.kind === 'void') return now + LONGEST_MS;
  if (state.kind !== 'active' || state.token.expiresAt === undefined) return now + DAY_MS;
  const next = nextReminderAt(Date.parse(state.token.expiresAt), now, policyOf(institution));
  return Math.min(next ?? Number.POSITIVE_INFINITY, now + LONGEST_MS);
}

async function remind(
  dependencies: EndsDependencies,
  institution: Institution,
  email: string | null,
  end: TokenEnd,
): Promise<void> {
  const { db, clock, logger, wakeOutbox } = dependencies;
  const endsAt = end.endsAt?.getTime();
  const days = endsAt && reminderDue(endsAt, clock(), policyOf(institution));
  if (!endsAt || days === undefined) return;
  const told = await db.transaction().execute(async (trx) => {
    if (!(await claimReminder(trx, end, days))) return false;
    if (email === null) return true;
    await writeMail(dependencies, trx, {
      id: sha256(`ending ${institution.key} ${end.userId} ${endsAt} ${days}`),
      institution,
      customerId: end.id,
      kind: 'ending',
      to: email,
      content: endingMail(institution, endsAt, clock()),
    });
    return true;
  });
  if (!told) return;
  wakeOutbox();
  logger.info({ institution: institution.key, customer: end.id, days }, 'told customer that the token ends');
}
