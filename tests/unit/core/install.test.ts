import { expect, test } from 'vitest';
import { installWay } from '../../../core/install.ts';

const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';

test.each([
  ['an iPhone', `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${SAFARI}`, 5, 'ios'],
  ['an iPad that says it is a Mac', `${MAC} ${SAFARI}`, 5, 'ios'],
  ['Chrome on an iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) CriOS/141.0', 5, 'ios'],
  ['Safari on a Mac', `${MAC} ${SAFARI}`, 0, 'dock'],
  ['Chrome on a Mac', `${MAC} ${CHROME}`, 0, 'desktop'],
  ['Chrome on Android', `Mozilla/5.0 (Linux; Android 10; K) ${CHROME}`, 5, 'android'],
  [
    'Firefox on Android',
    'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0',
    5,
    'android',
  ],
  ['Edge on Windows with a touch screen', `Mozilla/5.0 (Windows NT 10.0) ${CHROME} Edg/141.0`, 10, 'desktop'],
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 0, 'none'],
  ['Firefox on a Mac', `${MAC.replace(')', '; rv:153.0)')} Gecko/20100101 Firefox/153.0`, 0, 'none'],
] as const)('%s', (_name, userAgent, touchPoints, way) => {
  expect(installWay(userAgent, touchPoints)).toBe(way);
});
