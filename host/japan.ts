/** Hours by which Japan is ahead of UTC, all year. */
export const JAPAN_HOURS = 9;

/** Midnight in Japan, in Unix milliseconds, of a day such as `2026-11-21`. */
export const startOfIsoDay = (day: string): number => Date.parse(`${day}T00:00:00+09:00`);
