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
  known: RequestRow,
): Promise<RequestRow | undefined> {
  const shown = c.req.query('unless');
  const over = until(HOLD_MS, c.req.raw.signal, dependencies.stopping);
  let row = known;
  try {
    while (phaseOf(row) === shown) {
      if (over.signal.aborted) return undefined;
      await nextChange(c, dependencies, kind, row, over.signal);
      row = await readRequest(dependencies.db, kind.table, row.id);
    }
    return row;
  } finally {
    over.end();
  }
}

/** Resolves when the request may have changed. */
async function nextChange(
  c: BankContext,
  dependencies: BankDependencies,
  kind: RequestKind,
  row: RequestRow,
  over: AbortSignal,
): Promise<void> {
  const turn = until(HOLD_MS, over);
  const { signal } = turn;
  let stop = () => {};
  const woken = new Promise<void>((resolve) => {
    stop = dependencies.wakes.on(row.id, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const asked = async () => {
    const status = row.state === 'waiting' ? (row.decision ?? undefined) : undefined;
    const awaiting = status && { unless: status, seconds: HOLD_MS / 1_000, signal };
    const { row: now } = await followRequest(dependencies, c.get('site').institution, kind, row, awaiting);
    if (phaseOf(now) === phaseOf(row) && !signal.aborted) await dependencies.wait(LOOK_AGAIN_MS);
  };
  try {
    await Promise.race([woken, asked()]);
  } finally {
    stop();
    turn.end();
  }
}
