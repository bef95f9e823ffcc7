import type { Device } from '../../core/api/bank.ts';

/** Names of browsers in their user agents; more specific names first. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|OPiOS\/|OPT\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|Chromium\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
];

const nameIn = (userAgent: string, names: readonly (readonly [RegExp, string])[]) =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1];

/** The name by which the customer recognises this device, such as `Chrome (Android)`. It has no version, as that changes. */
export function describeDevice(form: Device['form'], userAgent: string): Device {
  const browser = nameIn(userAgent, BROWSERS) ?? 'ブラウザー';
  const system = nameIn(userAgent, SYSTEMS);
  return { form, name: system === undefined ? browser : `${browser} (${system})` };
}
