import { places } from '../host/places.ts';
import type { ServiceDependencies } from './context.ts';
import { eventDelivered, eventFailed, takeEvents } from './store/events.ts';
import type { EventChannel, EventRow } from './store/schema.ts';
import { waitFor } from './wait.ts';

/** A way on which events leave the service, to one target or another. */
export interface Channel {
  readonly name: EventChannel;
  /** What wakes the delivery: see `store/wakes.ts`. */
  readonly wokenBy: string;
  readonly targets: readonly string[];
  /**
   * Sends an event, or finds that there is nothing to send any more.
   * @throws Error if it has to be sent again; {@link SendLater} if not before a while
   */
  send(event: EventRow): Promise<void>;
}

/** How long an attempt may take. */
export const SEND_WITHIN_MS = 5_000;
/** How long an event that was taken is nobody else's: an attempt, and what the database takes. A node that dies delays it by that. */
const HELD_MS = 2 * SEND_WITHIN_MS;
const MOST_AT_ONCE = 20;
/** How long one wait lasts before the next begins. Due events are looked for every few seconds all the while. */
const AN_HOUR_MS = 60 * 60_000;

class SendLater extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** Of an answer that did not take an event: that it is sent again, no sooner than the answer's `Retry-After` says. */
export function answeredLater({ status, headers }: Response, now: number): Error {
  const after = headers.get('Retry-After') ?? '';
  const afterMs = /^\d{1,9}$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
  return new SendLater(`answered ${status}`, Number.isNaN(afterMs) ? 0 : afterMs);
}

/**
 * Delivers events until the service stops, and repeats each until it is taken. Every target of a channel has its own loop, so
 * that one that is down delays no other.
 * @returns when the last attempts are over
 */
export async function deliverEvents(
  dependencies: ServiceDependencies,
  channels: readonly Channel[],
): Promise<void> {
  const loops = channels.flatMap((channel) =>
    channel.targets.map((target) => deliverTo(dependencies, channel, target)),
  );
  await Promise.all(loops);
}

async function deliverTo(dependencies: ServiceDependencies, channel: Channel, target: string): Promise<void> {
  const { stopping, logger } = dependencies;
  const deliverAll = async () => {
    try {
      while (!stopping.aborted && (await deliverDue(dependencies, channel, target)) === MOST_AT_ONCE);
    } catch (error) {
      logger.warn(
        { error: error instanceof Error ? error.name : '' },
        'could not read events from the database; will retry',
      );
    }
    return undefined;
  };
  const waiting = { ...dependencies, waiters: places(1) };
  while (!stopping.aborted) await waitFor(deliverAll, channel.wokenBy, AN_HOUR_MS, stopping, waiting);
}

/** Tries what is due now for a target. @returns how many were tried */
export async function deliverDue(
  dependencies: ServiceDependencies,
  channel: Channel,
  target: string,
): Promise<number> {
  const { db, clock } = dependencies;
  const now = clock();
  const events = await takeEvents(db, {
    channel: channel.name,
    target,
    at: new Date(now),
    heldUntil: new Date(now + HELD_MS),
    most: MOST_AT_ONCE,
  });
  await Promise.all(events.map((event) => deliver(dependencies, channel, event)));
  return events.length;
}

async function deliver(dependencies: ServiceDependencies, channel: Channel, event: EventRow): Promise<void> {
  const { db, clock, logger } = dependencies;
  try {
    await channel.send(event);
    await eventDelivered(db, event, new Date(clock()));
  } catch (error) {
    const { channel: way, target, attempts } = event;
    const reason = error instanceof Error ? error.message : '';
    logger.warn({ channel: way, target, attempts, reason }, 'could not deliver event; will retry');
    const afterMs = error instanceof SendLater ? error.afterMs : 0;
    // Where the database is what failed, the event falls due when its hold is over.
    await eventFailed(db, event, new Date(clock()), afterMs).catch(() => undefined);
  }
}
