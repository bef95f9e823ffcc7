import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { Sweeping } from '../../host/sweep.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import {
  forgetEntered,
  leftExecuting,
  leftUncancelled,
  leftWaiting,
  noteCancelTold,
  noteTried,
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

/** One that was left, and how it is gone on with; what comes of it says whether the token service answered. */
interface Left {
  readonly row: TransferRow;
  readonly goOn: (institution: Institution, row: TransferRow) => Promise<'unreachable' | 'answered'>;
}

/** Goes on with transfers whose process died or whose answer was lost, and learns of decisions no event told of. */
export async function continueTransfers(dependencies: TransferChores): Promise<void> {
  const { institutions } = dependencies.directory;
  const left = await findLeft(dependencies);
  await Promise.all(
    institutions.map((institution) =>
      goOnInTurn(
        dependencies,
        institution,
        left.filter(({ row }) => row.institution === institution.key),
      ),
    ),
  );
}

async function findLeft(dependencies: TransferChores): Promise<Left[]> {
  const { db, clock, directory } = dependencies;
  const before = new Date(clock() - LEFT_MS);
  const turn = { institutions: directory.institutions.map(({ key }) => key), most: BATCH };
  const work = (rows: readonly TransferRow[], goOn: Left['goOn']) => rows.map((row) => ({ row, goOn }));
  return [
    ...work(await leftExecuting(db, turn, before), async (institution, { id }) =>
      (await carryOut(dependencies, institution, id)) === 'unreachable' ? 'unreachable' : 'answered',
    ),
    ...work(await leftWaiting(db, turn, before), async (institution, row) =>
      (await followTransfer(dependencies, institution, row)).kind === 'unreachable'
        ? 'unreachable'
        : 'answered',
    ),
    ...work(await leftUncancelled(db, turn), (institution, row) =>
      tellCancelled(dependencies, institution, row),
    ),
  ];
}

/** One that fails does not keep the others from their turn; a service that does not answer is not asked 20 times. */
async function goOnInTurn(
  { db, clock, logger }: TransferChores,
  institution: Institution,
  left: readonly Left[],
): Promise<void> {
  for (const { row, goOn } of left) {
    try {
      await noteTried(db, row.id, clock());
      if ((await goOn(institution, row)) === 'unreachable') return;
    } catch (error) {
      logger.error(
        { transfer: row.id, error: describeError(error) },
        'could not finish transfer; will retry',
      );
    }
  }
}

/** Has the token service close the confirmation of a transfer that ended here; repeated until it answers. */
export async function tellCancelled(
  { db, keys, serviceFor }: Pick<BankDependencies, 'db' | 'keys' | 'serviceFor'>,
  institution: Institution,
  { id, user_id, confirmation_id }: TransferRow,
): Promise<'unreachable' | 'answered'> {
  if (user_id === null || confirmation_id === null) return 'answered';
  const key = hmac(keys.forms, JSON.stringify(['cancel', id]));
  const said = await serviceFor(institution).cancelConfirmation(user_id, confirmation_id, key);
  if (said.kind === 'unreachable') return 'unreachable';
  // Decided, run out or gone: nothing is left to do.
  const settled = said.kind === 'ok' || ['state_conflict', 'token_unknown', 'not_found'].includes(said.code);
  if (settled) await noteCancelTold(db, id);
  return 'answered';
}

export async function forgetTransfers(
  { db, clock }: Pick<BankDependencies, 'db' | 'clock'>,
  sweeping?: Sweeping,
): Promise<void> {
  await forgetEntered(db, new Date(clock() - ENTERED_LIFETIME_MS), sweeping);
  await forgetEvents(db, new Date(clock() - EVENT_LIFETIME_MS), sweeping);
}
