import type { Texts } from './text.ts';

/** Japanese time, whatever the device's zone: the banks' pages and letters use it. */
const timeZone = 'Asia/Tokyo';

/** `2026年11月21日` */
export function formatDate(text: Texts, timeMs: number): string {
  return formatter(text, { dateStyle: 'long' }).format(timeMs);
}

/** `2026年11月21日 09:00` */
export function formatMinute(text: Texts, timeMs: number): string {
  return `${formatDate(text, timeMs)} ${formatTime(text, timeMs)}`;
}

/** `11月21日 14:32` */
export function formatMoment(text: Texts, timeMs: number): string {
  const day = formatter(text, { month: 'long', day: 'numeric' }).format(timeMs);
  return `${day} ${formatTime(text, timeMs)}`;
}

/** `2031年10月31日 09:00 (日本時間)` */
export function formatExpiry(text: Texts, timeMs: number): string {
  return text('expiryWithZone', formatDate(text, timeMs), formatTime(text, timeMs));
}

/** `14:32` */
export function formatTime(text: Texts, timeMs: number): string {
  return formatter(text, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(timeMs);
}

function formatter(text: Texts, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(text('languageTag'), { timeZone, ...options });
}
