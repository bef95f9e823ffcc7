import { isIsoDay } from '../host/japan.ts';

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

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>;

function inTokyo(unixMs: number): Parts {
  const parts = TOKYO.formatToParts(unixMs).map(({ type, value }) => [type, value]);
  return Object.fromEntries(parts);
}

const dateOf = ({ year, month, day }: Parts) => `${year}年${month}月${day}日`;

/** `2026年11月21日` */
export const japaneseDate = (unixMs: number): string => dateOf(inTokyo(unixMs));

/** `2026年11月21日 09:00` */
export function japaneseMinute(unixMs: number): string {
  const parts = inTokyo(unixMs);
  return `${dateOf(parts)} ${parts.hour}:${parts.minute}`;
}

/** `2026年11月21日 09:00（日本時間）`, for readers who may be abroad. */
export const minuteInJapan = (unixMs: number): string => `${japaneseMinute(unixMs)}（日本時間）`;

/** Hour of the day in Japan, 0 to 23. */
export const japaneseHour = (unixMs: number): number => Number(inTokyo(unixMs).hour);

/** `14:05:09` */
export function japaneseClock(unixMs: number): string {
  const { hour, minute, second } = inTokyo(unixMs);
  return `${hour}:${minute}:${second}`;
}

/** `2012年04月25日 10時26分10秒`, as the guides print the 送信日時. */
export function japaneseSecond(unixMs: number): string {
  const parts = inTokyo(unixMs);
  return `${dateOf(parts)} ${parts.hour}時${parts.minute}分${parts.second}秒`;
}

/** `20261121` */
export function japaneseDayNumber(unixMs: number): string {
  const { year, month, day } = inTokyo(unixMs);
  return `${year}${month}${day}`;
}

/** `2026-11-21` */
export function japaneseIsoDay(unixMs: number): string {
  const { year, month, day } = inTokyo(unixMs);
  return `${year}-${month}-${day}`;
}

export { startOfIsoDay } from '../host/japan.ts';

/** Whether the text is a day that exists, such as `2026-11-21`, and not before 2000: such a year is a slip of the keyboard. */
export const isDayFrom2000 = (text: string): boolean => text.startsWith('2') && isIsoDay(text);

/** Midnight in Japan, `days` days after the day of `unixMs`. Japan has one UTC offset all year. */
export function startOfJapaneseDay(unixMs: number, days: number): number {
  const { year, month, day } = inTokyo(unixMs);
  const midnight = new Date(`${year}-${month}-${day}T00:00:00+09:00`);
  midnight.setUTCDate(midnight.getUTCDate() + days);
  return midnight.getTime();
}

/** `翌日` for 1, `3日後` for 3. @param days at least 1 */
export const daysOn = (days: number): string => (days === 1 ? '翌日' : `${days}日後`);

/** `24時間`, and `90分間` where they are not whole hours. */
export const hoursOrMinutes = (minutes: number): string =>
  minutes % 60 === 0 ? `${minutes / 60}時間` : `${minutes}分間`;

/** `150,000円` */
export function yen(amount: number): string {
  return `${YEN.format(amount)}円`;
}
