import type { Texts } from './text.ts';

/** Japanese time in every time zone of the device, as the banks' pages and letters use it. */
const timeZone = 'Asia/Tokyo';

const FORMATS = {
  date: { dateStyle: 'long' },
  day: { month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

type Format = keyof typeof FORMATS;

/** Cache of formats by language and name, as making one takes milliseconds. */
const made = new Map<string, Intl.DateTimeFormat>();

/** `2026年11月21日` */
export function formatDate(text: Texts, timeMs: number): string {
  return formatter(text, 'date').format(timeMs);
}

/** `2026年11月21日 09:00` */
export function formatMinute(text: Texts, timeMs: number): string {
  return `${formatDate(text, timeMs)} ${formatTime(text, timeMs)}`;
}

/** `11月21日 14:32` */
export function formatMoment(text: Texts, timeMs: number): string {
  const day = formatter(text, 'day').format(timeMs);
  return `${day} ${formatTime(text, timeMs)}`;
}

/** `2031年10月31日 09:00 (日本時間)` */
export function formatExpiry(text: Texts, timeMs: number): string {
  return text('expiryWithZone', formatDate(text, timeMs), formatTime(text, timeMs));
}

/** `14:32` */
export function formatTime(text: Texts, timeMs: number): string {
  return formatter(text, 'time').format(timeMs);
}

function formatter(text: Texts, format: Format): Intl.DateTimeFormat {
  const language = text('languageTag');
  const key = `${language} ${format}`;
  const known = made.get(key);
  if (known) return known;
  const one = new Intl.DateTimeFormat(language, { timeZone, ...FORMATS[format] });
  made.set(key, one);
  return one;
}
