import type { Handle } from '../store/database.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import type { CarryOutDependencies } from './carry-out.ts';
import type { OnToken } from './on-token.ts';
import { recordPath } from './paths.ts';
import { logActed, record, recordDone, type WrittenAct } from './written.ts';

/** An act that one member of staff does alone. It is kept before the token service is asked, so that the bank can finish it. */
export interface KeptAct {
  readonly written: WrittenAct;
  /** @param key the idempotency key */
  readonly ask: (key: string) => Promise<OnToken>;
  /** Keeps it no longer: nothing was done. */
  readonly drop: (handle: Handle) => Promise<void>;
  /** What else is noted once it is done. */
  readonly done?: (trx: Handle) => Promise<void>;
}

/**
 * Does a kept act. The idempotency key is that of its form, so any number of calls, at once or after a lost answer, act once.
 * @returns conflict where it does not fit the token as it stands; busy where this call did nothing, and it is still kept
 */
export async function doKept(
  dependencies: CarryOutDependencies,
  { written, ask, drop, done }: KeptAct,
): Promise<Outcome | { readonly kind: 'conflict' }> {
  const { db } = dependencies;
  const { customer, act, key } = written;
  const answer = await ask(idempotencyKey(dependencies, key, act));
  if (answer.kind === 'unanswered') {
    await record(dependencies, db, written, 'unanswered');
    return { kind: 'unavailable' };
  }
  if (answer.kind === 'busy') return { kind: 'unavailable', busy: true };
  if (answer.kind === 'conflict') {
    await drop(db);
    return answer;
  }
  const no = await db.transaction().execute(async (trx) => {
    await done?.(trx);
    return recordDone(dependencies, trx, written, answer);
  });
  logActed(dependencies, written);
  return { kind: 'done', to: recordPath(customer.id, no) };
}

/** Finishes one whose answer was lost, or which was never asked for because its process died. */
export async function finishKept(
  dependencies: CarryOutDependencies,
  act: KeptAct,
): Promise<Outcome | { readonly kind: 'conflict' }> {
  const outcome = await doKept(dependencies, act);
  if (outcome.kind === 'conflict') await record(dependencies, dependencies.db, act.written, 'refused');
  return outcome;
}
