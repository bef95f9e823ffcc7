import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import {
  activatedMail,
  type MailKind,
  type MailText,
  releasedMail,
  renewedMail,
  replacingMail,
} from '../mail/texts.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import {
  type LeftApplication,
  leaveApplication,
  settleApplication,
  takeLeftApplications,
} from '../store/left-applications.ts';
import { detailOf, PRESENT_MS } from './client.ts';
import { noteEnd } from './ends.ts';
import { inTurn } from './in-turn.ts';
import { isRenewable } from './refusals.ts';
import { byStatus, type KnownToken } from './state.ts';

/** What is applied for with the token in use. replace: the first step of 新しい端末でのトークン利用 */
type Use = LeftApplication['use'];

interface Told {
  readonly kind: MailKind;
  /** Whether the token's state shows that it is done. @param before the token that was to replace it before */
  readonly isDone: (
    state: KnownToken,
    institution: Institution,
    now: number,
    before: string | undefined,
  ) => boolean;
  readonly text: (institution: Institution, token: Token, at: number) => MailText;
  /** Tells it from the same application at another time. */
  readonly which?: (token: Token) => string | undefined;
}

/** What the customer is told by mail, once it is done. */
const TOLD: Readonly<Record<Use, Told>> = {
  activate: {
    kind: 'activated',
    isDone: ({ kind }) => kind === 'active',
    text: (institution, _, at) => activatedMail(institution, at),
  },
  release: {
    kind: 'released',
    isDone: ({ kind }) => kind === 'released',
    text: (institution, _, at) => releasedMail(institution, at),
  },
  renew: {
    kind: 'renewed',
    // The form was offered because the end was near; if it is no longer near, the token was renewed.
    isDone: (state, institution, now) => state.kind === 'active' && !isRenewable(state, institution, now),
    text: (institution, { expiresAt }, at) => renewedMail(institution, Date.parse(expiresAt ?? ''), at),
    which: ({ expiresAt }) => expiresAt,
  },
  replace: {
    kind: 'replacing',
    isDone: ({ token: { replacement } }, _institution, _now, before) =>
      replacement !== undefined && replacement !== before,
    text: (institution, { serviceId, replacement = '' }) =>
      replacingMail(institution, serviceId, replacement),
    which: ({ replacement }) => replacement,
  },
};

/** Whether a token's state shows that the application is done; needed after a lost answer. */
export const isDone = (
  use: Use,
  state: KnownToken,
  institution: Institution,
  now: number,
  before?: string,
): boolean => TOLD[use].isDone(state, institution, now, before);

interface Applied {
  readonly customer: Customer;
  readonly use: Use;
}

/**
 * Notes what the token service is asked for, before it is: the customer is told of it, even if its answer is lost.
 * @param before the token that is to replace theirs already
 * @returns removes the note, for where the token service refused
 */
export async function noteApplication(
  { db, clock }: Pick<BankDependencies, 'db' | 'clock'>,
  { key: institution }: Institution,
  { customer: { id: customer_id, user_id }, use, before }: Applied & { readonly before?: string | undefined },
): Promise<() => Promise<void>> {
  if (user_id === null) return async () => {};
  const presented_at = new Date(clock());
  const left = { institution, customer_id, user_id, use, replacement_before: before ?? null, presented_at };
  await leaveApplication(db, left);
  return () => settleApplication(db, left, presented_at);
}

type TellingDependencies = Pick<BankDependencies, 'db' | 'clock' | 'keys' | 'randomBytes' | 'wakeOutbox'>;

/** Tells the customer by mail what was done with their token: once, however often this is called. */
export async function tellOfApplication(
  dependencies: TellingDependencies,
  institution: Institution,
  { customer, use, token, at }: Applied & { readonly token: Token; readonly at: number },
): Promise<void> {
  const { db, clock, wakeOutbox } = dependencies;
  const { kind, text, which } = TOLD[use];
  await db.transaction().execute(async (trx) => {
    const left = { institution: institution.key, user_id: token.userId, use };
    await settleApplication(trx, left, new Date(clock()));
    if (customer.email === null) return;
    await writeMail(dependencies, trx, {
      id: sha256(`${use} ${institution.key} ${token.userId} ${which?.(token) ?? ''}`),
      institution,
      customerId: customer.id,
      kind,
      to: customer.email,
      content: text(institution, token, at),
    });
  });
  wakeOutbox();
}

type LeftDependencies = TellingDependencies & Pick<BankDependencies, 'directory' | 'serviceFor' | 'logger'>;

const BATCH = 20;

/** Finds out what became of applications whose answer was lost, and tells their customers. */
export async function tellOfLeftApplications(dependencies: LeftDependencies): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const now = clock();
  const taking = { now: new Date(now), before: new Date(now - PRESENT_MS), most: BATCH };
  await inTurn(directory, await takeLeftApplications(db, taking), async (institution, left) => {
    const event = { institution: institution.key, customer: left.customer_id, event: left.use };
    try {
      return await findOut(dependencies, institution, left);
    } catch (error) {
      logger.error({ ...event, error: describeError(error) }, 'could not finish application; will retry');
      return true;
    }
  });
}

/** @returns false if the token service does not answer */
async function findOut(
  dependencies: LeftDependencies,
  institution: Institution,
  left: LeftApplication,
): Promise<boolean> {
  const { db, clock, logger, serviceFor } = dependencies;
  const { use, user_id: userId, customer_id: customerId, presented_at: presentedAt } = left;
  const before = left.replacement_before ?? undefined;
  const event = { institution: institution.key, customer: customerId, event: use };
  const said = await serviceFor(institution).show(userId);
  const isGone = said.kind === 'problem' && said.code === 'token_unknown';
  if (said.kind !== 'ok' && !isGone) {
    logger.warn({ ...event, detail: detailOf(said) }, 'outcome of the application is unknown; will retry');
    return false;
  }
  const state = said.kind === 'ok' ? byStatus(said.value, clock()) : undefined;
  if (state === undefined || !isDone(use, state, institution, clock(), before)) {
    await settleApplication(db, left, presentedAt);
    return true;
  }
  const customer = await findCustomer(db, customerId);
  const applied = { customer, use, token: state.token, at: presentedAt.getTime() };
  await tellOfApplication(dependencies, institution, applied);
  await noteEnd(dependencies, customer, state);
  logger.info(event, 'found out that the application was accepted');
  return true;
}
