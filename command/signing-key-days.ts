/** Days from one step of a rotation of the signing key to the next: time for builds to reach every customer. */
export const SWITCH_AFTER_DAYS = 14;
export const FINISH_AFTER_DAYS = 90;

const DAY_MS = 24 * 60 * 60_000;

export const daysLeft = (since: Date, days: number, now: Date) =>
  Math.ceil((since.getTime() + days * DAY_MS - now.getTime()) / DAY_MS);
