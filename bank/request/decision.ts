import type { Confirmation } from '../../core/api/confirmation.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { notMeMail, rejectedMail } from '../mail/texts.ts';
import { findCustomerByToken } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import {
  findByConfirmation,
  noteConfirmed,
  type RequestRow,
  readRequest,
  refuseRequest,
} from '../store/requests.ts';
import type { Awaiting } from '../token/client.ts';
import type { RequestKind } from './kind.ts';

type DecisionDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger'
>;

/** A confirmation as the token service reports it, and its token. */
export interface Told {
  readonly userId: string;
  readonly confirmation: Confirmation;
}

/**
 * Saves the outcome of a confirmation. It may come any number of times, in any order, from an event or from asking.
 */
export async function noteDecision(
  dependencies: DecisionDependencies,
  institution: Institution,
  { type, table }: Pick<RequestKind, 'type' | 'table'>,
  { userId, confirmation }: Told,
  trx: Handle,
): Promise<void> {
  const row = await findByConfirmation(trx, table, institution.key, confirmation.id);
  const { status, useBy } = confirmation;
  if (status === 'waiting' || status === 'spent') return;
  // The bank may learn of a confirmation only after it has expired.
  const wasConfirmed = status === 'confirmed' || useBy !== undefined;
  if (wasConfirmed && row !== undefined)
    await noteConfirmed(trx, table, row.id, useBy === undefined ? null : new Date(useBy));
  if (status === 'confirmed') return;
  // Customers get the mail even if the answer to the request itself was lost.
  await mailDecision(dependencies, institution, { userId, confirmation }, trx);
  const refused =
    row !== undefined &&
    (await refuseRequest(trx, table, row.id, 'waiting', { reason: status, cancel: false }));
  if (refused) {
    const event = {
      institution: institution.key,
      customer: row.customer_id,
      event: type,
      reason: status,
    };
    dependencies.logger.info(event, 'customer did not confirm');
  }
}

/** A14: sends one mail about a rejected transaction. */
export async function mailDecision(
  dependencies: DecisionDependencies,
  institution: Institution,
  { userId, confirmation }: Told,
  trx: Handle,
): Promise<void> {
  const { status } = confirmation;
  if (status !== 'rejected' && status !== 'not-me') return;
  const customer = await findCustomerByToken(trx, institution.key, userId);
  if (customer === undefined || customer.email === null) return;
  const { transaction } = confirmation;
  const stopped = { requestedAt: Date.parse(confirmation.requestedAt), transaction };
  const at = confirmation.decidedAt === undefined ? dependencies.clock() : Date.parse(confirmation.decidedAt);
  const content = (status === 'rejected' ? rejectedMail : notMeMail)(institution, stopped, at);
  await writeMail(dependencies, trx, {
    id: sha256(`${status} ${institution.key} ${confirmation.id}`),
    institution,
    customerId: customer.id,
    kind: status,
    to: customer.email,
    content,
  });
}

export type Followed =
  | { readonly kind: 'known'; readonly row: RequestRow }
  /** The token service does not say or does not answer: the row as it was known. */
  | { readonly kind: 'unknown' | 'unreachable'; readonly row: RequestRow };

/** The present state of a request. While it waits, this asks the token service. */
export async function followRequest(
  dependencies: DecisionDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
  awaiting?: Awaiting,
): Promise<Followed> {
  const { user_id: userId, confirmation_id: id } = row;
  if (row.state !== 'waiting' || userId === null || id === null) return { kind: 'known', row };
  const said = await dependencies.serviceFor(institution).confirmation(userId, id, awaiting);
  const { db, logger } = dependencies;
  const { table } = kind;
  if (said.kind === 'ok') {
    const told = { userId, confirmation: said.value };
    await db.transaction().execute((trx) => noteDecision(dependencies, institution, kind, told, trx));
  } else if (said.kind === 'problem' && (said.code === 'not_found' || said.code === 'token_unknown')) {
    // The service will never know more about it.
    logger.warn(
      { institution: institution.key, request: row.id, code: said.code },
      'token service does not know the confirmation',
    );
    await refuseRequest(db, table, row.id, 'waiting', { reason: 'token', cancel: false });
  } else {
    const unsaid = said.kind === 'problem' ? 'unknown' : 'unreachable';
    return { kind: unsaid, row: await readRequest(db, table, row.id) };
  }
  return { kind: 'known', row: await readRequest(db, table, row.id) };
}
