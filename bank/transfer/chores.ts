import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { describeError } from '../describe-error.ts';
import { hmac } from '../keys.ts';
import {
  forgetEntered,
  leftExecuting,
  leftUncancelled,
  leftWaiting,
  noteCancelTold,
} from '../store/left-transfers.ts';
import { forgetEvents } from '../store/security-events.ts';
import type { TransferRow } from '../store/transfers.ts';
import { followTransfer } from './decision.ts';
import { carryOut } from './execute.ts';

type TransferChores = Pick<
  BankDependencies,
  'db' | 'clock' | 'directory' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

const BATCH = 20;

/** Longer than the request that claimed it takes, its repeats included. */
const LEFT_MS = 10_000;

/** What was entered is kept as long as a page with it stays usable; events longer than they are repeated. */
const ENTERED_LIFETIME_MS = 24 * 60 * 60_000;
const EVENT_LIFETIME_MS = 30 * 24 * 60 * 60_000;

/** Goes on with transfers whose process died or whose answer was lost, and learns of decisions no event told of. */
export async function continueTransfers(dependencies: TransferChores): Promise<void> {
  const { db, clock } = dependencies;
  const before = new Date(clock() - LEFT_MS);
  await each(dependencies, await leftExecuting(db, before, BATCH), (row, institution) =>
    carryOut(dependencies, institution, row.id),
  );
  await each(dependencies, await leftWaiting(db, before, BATCH), (row, institution) =>
    followTransfer(dependencies, institution, row),
  );
  await each(dependencies, await leftUncancelled(db, BATCH), (row, institution) =>
    tellCancelled(dependencies, institution, row),
  );
}

/** Has the token service close the confirmation of a transfer that ended here; repeated until it answers. */
export async function tellCancelled(
  { db, keys, serviceFor }: Pick<BankDependencies, 'db' | 'keys' | 'serviceFor'>,
  institution: Institution,
  { id, user_id, confirmation_id }: TransferRow,
): Promise<void> {
  if (user_id === null || confirmation_id === null) return;
  const key = hmac(keys.forms, JSON.stringify(['cancel', id]));
  const said = await serviceFor(institution).cancelConfirmation(user_id, confirmation_id, key);
  // Decided, run out or gone: nothing is left to do.
  const settled =
    said.kind === 'ok' ||
    (said.kind === 'problem' && ['state_conflict', 'token_unknown', 'not_found'].includes(said.code));
  if (settled) await noteCancelTold(db, id);
}

export async function forgetTransfers({ db, clock }: Pick<BankDependencies, 'db' | 'clock'>): Promise<void> {
  await forgetEntered(db, new Date(clock() - ENTERED_LIFETIME_MS));
  await forgetEvents(db, new Date(clock() - EVENT_LIFETIME_MS));
}

/** One that fails does not keep the others from their turn. */
async function each(
  { directory, logger }: TransferChores,
  rows: readonly TransferRow[],
  work: (row: TransferRow, institution: Institution) => Promise<unknown>,
): Promise<void> {
  for (const row of rows) {
    const institution = directory.institutions.find(({ key }) => key === row.institution);
    if (institution === undefined) continue;
    await work(row, institution).catch((error: unknown) =>
      logger.error({ transfer: row.id, error: describeError(error) }, 'a transfer could not be gone on with'),
    );
  }
}
