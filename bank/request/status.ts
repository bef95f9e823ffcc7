import { until } from '../../host/deadline.ts';
import type { BankDependencies } from '../context.ts';
import { type RequestRow, readRequest } from '../store/requests.ts';
import type { BankContext } from '../web/render.ts';
import { followRequest } from './decision.ts';
import type { RequestKind } from './kind.ts';

/** What a request's page shows: its state and, while it waits, whether the customer has confirmed it. */
export type RequestPhase = RequestRow['state'] | 'confirmed';

export function phaseOf({ state, decision }: Pick<RequestRow, 'state' | 'decision'>): RequestPhase {
  return state === 'waiting' && decision === 'confirmed' ? 'confirmed' : state;
}

/** How long a request of a page that follows may wait. */
export const HOLD_MS = 20_000;
/** How often to read the database if the token service has nothing to say. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Waits until a request has left the phase that the page shows (`unless`). The change may come from the token service, from
 * an event or from another window.
 * @returns undefined if nothing changed in time
 */
export async function awaitPhase(
  c: BankContext,
  dependencies: BankDependencies,
  kind: RequestKind,
  { id }: Pick<RequestRow, 'id'>,
): Promise<RequestRow | undefined> {
  const shown = c.req.query('unless');
  const over = until(HOLD_MS, c.req.raw.signal, dependencies.stopping);
  let wake = () => {};
  const stop = dependencies.wakes.on(id, () => wake());
  over.signal.addEventListener('abort', () => wake());
  try {
    for (;;) {
      // Made before the row is read, so that no change between the two is missed.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const row = await readRequest(dependencies.db, kind.table, id);
      if (phaseOf(row) !== shown) return row;
      if (over.signal.aborted) return undefined;
      await nextChange(c, dependencies, kind, row, woken, over.signal);
    }
  } finally {
    stop();
    over.end();
  }
}

/** Resolves when the request may have changed, at the latest when it is woken. */
async function nextChange(
  c: BankContext,
  dependencies: BankDependencies,
  kind: RequestKind,
  row: RequestRow,
  woken: Promise<void>,
  over: AbortSignal,
): Promise<void> {
  const turn = until(HOLD_MS, over);
  const { signal } = turn;
  const asked = async () => {
    const status = row.state === 'waiting' ? (row.decision ?? undefined) : undefined;
    const awaiting = status && { unless: status, seconds: HOLD_MS / 1_000, signal };
    const { row: now } = await followRequest(dependencies, c.get('site').institution, kind, row, awaiting);
    if (phaseOf(now) === phaseOf(row) && !signal.aborted) await dependencies.wait(LOOK_AGAIN_MS);
  };
  try {
    await Promise.race([woken, asked()]);
  } finally {
    turn.end();
  }
}
