import { sql } from 'kysely';

/** Channel that changes of a transfer or another request notify with its id. That it is claimed does not: what comes of it follows. */
export const WAKE_CHANNEL = 'warifu_bank';

/** Returned by a change of a request's row, wakes the pages that follow it, on any node. */
export const woken = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, id)`.as('woken');
