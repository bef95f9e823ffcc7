/** Japan keeps UTC+9 all year. */
const JST_OFFSET_MS = 9 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

interface JapaneseTime {
  readonly year: number;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

function japaneseTime(unixMs: number): JapaneseTime {
  const iso = new Date(unixMs + JST_OFFSET_MS).toISOString();
  return {
    year: Number(iso.slice(0, 4)),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
  };
}

/** `2026年11月21日` */
export function japaneseDate(unixMs: number): string {
  const { year, month, day } = japaneseTime(unixMs);
  return `${year}年${month}月${day}日`;
}

/** `2026年11月21日 09:00` */
export function japaneseMinute(unixMs: number): string {
  const { hour, minute } = japaneseTime(unixMs);
  return `${japaneseDate(unixMs)} ${hour}:${minute}`;
}

/** `2012年04月25日 10時26分10秒`, as the guides print the 送信日時. */
export function japaneseSecond(unixMs: number): string {
  const { hour, minute, second } = japaneseTime(unixMs);
  return `${japaneseDate(unixMs)} ${hour}時${minute}分${second}秒`;
}

/** `20261121` */
export function japaneseDayNumber(unixMs: number): string {
  const { year, month, day } = japaneseTime(unixMs);
  return `${year}${month}${day}`;
}

/** Midnight in Japan, `days` days after the day of `unixMs`. */
export function startOfJapaneseDay(unixMs: number, days: number): number {
  const day = Math.floor((unixMs + JST_OFFSET_MS) / DAY_MS);
  return (day + days) * DAY_MS - JST_OFFSET_MS;
}
