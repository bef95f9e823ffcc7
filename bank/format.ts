const TOKYO = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const YEN = new Intl.NumberFormat('ja-JP');

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

function inTokyo(unixMs: number): Record<Part, string> {
  const parts = TOKYO.formatToParts(unixMs).map(({ type, value }) => [type, value]);
  return Object.fromEntries(parts);
}

/** `2026年11月21日` */
export function japaneseDate(unixMs: number): string {
  const { year, month, day } = inTokyo(unixMs);
  return `${year}年${month}月${day}日`;
}

/** `2026年11月21日 09:00` */
export function japaneseMinute(unixMs: number): string {
  const { hour, minute } = inTokyo(unixMs);
  return `${japaneseDate(unixMs)} ${hour}:${minute}`;
}

/** `2012年04月25日 10時26分10秒`, as the guides print the 送信日時. */
export function japaneseSecond(unixMs: number): string {
  const { hour, minute, second } = inTokyo(unixMs);
  return `${japaneseDate(unixMs)} ${hour}時${minute}分${second}秒`;
}

/** `20261121` */
export function japaneseDayNumber(unixMs: number): string {
  const { year, month, day } = inTokyo(unixMs);
  return `${year}${month}${day}`;
}

/** Midnight in Japan, `days` days after the day of `unixMs`. Japan keeps one offset all year. */
export function startOfJapaneseDay(unixMs: number, days: number): number {
  const { year, month, day } = inTokyo(unixMs);
  const midnight = new Date(`${year}-${month}-${day}T00:00:00+09:00`);
  midnight.setUTCDate(midnight.getUTCDate() + days);
  return midnight.getTime();
}

/** `150,000円` */
export function yen(amount: number): string {
  return `${YEN.format(amount)}円`;
}
