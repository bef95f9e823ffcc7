/** Hours by which Japan is ahead of UTC, all year. */
export const JAPAN_HOURS = 9;

/** Whether the text is a day that exists, such as `2026-11-21`: `Date.parse` takes 2026-02-30 for a day of March. */
export function isIsoDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Midnight in Japan, in Unix milliseconds, of a day such as `2026-11-21`. */
export const startOfIsoDay = (day: string): number => Date.parse(`${day}T00:00:00+09:00`);
