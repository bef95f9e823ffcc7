import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { Sweeping } from '../../host/sweep.ts';
import type { BankDependencies } from '../context.ts';
import {
  forgetEntered,
  type LeftRow,
  leftExecuting,
  leftUncancelled,
  leftWaiting,
  noteTried,
} from '../store/left-requests.ts';
import type { RequestTable } from '../store/requests.ts';
import { forgetEvents } from '../store/security-events.ts';
import { tellCancelled } from './cancel.ts';
import { carryOut } from './carry-out.ts';
import { followRequest } from './decision.ts';
import { KINDS, TABLES } from './kinds.ts';

type RequestChores = Pick<
  BankDependencies,
  'db' | 'clock' | 'directory' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

const BATCH = 20;

/** Longer than the request that claimed it can take, with its repeats. */
const LEFT_MS = 10_000;

/** Entered requests are kept as long as a page with them stays usable, and events longer than they are repeated. */
const ENTERED_LIFETIME_MS = 24 * 60 * 60_000;
const EVENT_LIFETIME_MS = 30 * 24 * 60 * 60_000;

/** An unfinished request and how to continue it; the result says whether the token service answered. */
interface Left {
  readonly row: LeftRow;
  readonly goOn: (institution: Institution, row: LeftRow) => Promise<'unreachable' | 'answered'>;
}

/** Continues requests whose process died or whose answer was lost, and asks for decisions that no event reported. */
export async function continueRequests(dependencies: RequestChores): Promise<void> {
  const { institutions } = dependencies.directory;
  const left = (await Promise.all(TABLES.map((table) => findLeft(dependencies, table)))).flat();
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

async function findLeft(dependencies: RequestChores, table: RequestTable): Promise<Left[]> {
  const { db, clock, directory } = dependencies;
  const before = new Date(clock() - LEFT_MS);
  const turn = { table, institutions: directory.institutions.map(({ key }) => key), most: BATCH };
  const work = (rows: readonly LeftRow[], goOn: Left['goOn']) => rows.map((row) => ({ row, goOn }));
  return [
    ...work(await leftExecuting(db, turn, before), async (institution, { id, type }) =>
      (await carryOut(dependencies, institution, KINDS[type], id)) === 'unreachable'
        ? 'unreachable'
        : 'answered',
    ),
    ...work(await leftWaiting(db, turn, before), async (institution, row) =>
      (await followRequest(dependencies, institution, KINDS[row.type], row)).kind === 'unreachable'
        ? 'unreachable'
        : 'answered',
    ),
    ...work(await leftUncancelled(db, turn), (institution, row) =>
      tellCancelled(dependencies, institution, table, row),
    ),
  ];
}

/** A failing request does not block the others; a service that does not answer is asked only once. */
async function goOnInTurn(
  { db, clock, logger }: RequestChores,
  institution: Institution,
  left: readonly Left[],
): Promise<void> {
  for (const { row, goOn } of left) {
    try {
      await noteTried(db, KINDS[row.type].table, row.id, clock());
      if ((await goOn(institution, row)) === 'unreachable') return;
    } catch (error) {
      logger.error(
        { request: row.id, type: row.type, error: describeError(error) },
        'could not finish request; will retry',
      );
    }
  }
}

export async function forgetRequests(
  { db, clock }: Pick<BankDependencies, 'db' | 'clock'>,
  sweeping?: Sweeping,
): Promise<void> {
  const before = new Date(clock() - ENTERED_LIFETIME_MS);
  for (const table of TABLES) await forgetEntered(db, table, before, sweeping);
  await forgetEvents(db, new Date(clock() - EVENT_LIFETIME_MS), sweeping);
}
