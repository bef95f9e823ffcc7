// Must be first: it configures how schemas are made.
import '../no-eval.ts';

import type { Device } from '../../core/api/bank.ts';
import type { Enroller } from '../../core/vault/enroller.ts';
import type { DesktopPairer } from '../../core/vault/pairing.ts';
import { createClockKeeper } from '../service/clock-keeper.ts';
import { createDesktopPairer } from '../service/desktop-pairer.ts';
import { createEnroller } from '../service/enroller.ts';
import { createPhonePairer } from '../service/phone-pairer.ts';
import { createPushSubscriber } from '../service/push-subscriber.ts';
import { createSuspender } from '../service/suspender.ts';
import { keepStanding } from '../storage/standing.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { systemClock, systemRandomBytes } from '../system.ts';

/** What speaks with the services, and with it all that signs requests and checks answers: most of the page's script. */

const clock = systemClock;
const randomBytes = systemRandomBytes;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const clockKeeper = createClockKeeper(clock, randomBytes);

export const enrollerFor = (device: Device): Enroller =>
  createEnroller(clock, clockKeeper, randomBytes, device);

export const desktopPairerFor = (device: Device): DesktopPairer =>
  createDesktopPairer({ clock, clockKeeper, randomBytes, pause, device, keys: tokenKeys });

export const phonePairer = createPhonePairer({ clock, clockKeeper, randomBytes, pause, keys: tokenKeys });

export const suspender = createSuspender({ clock, clockKeeper, randomBytes, keys: tokenKeys, keepStanding });

/** Of the service that this page is from. */
export const pushSubscriber = createPushSubscriber({
  clock,
  clockKeeper,
  randomBytes,
  keys: tokenKeys,
  serviceOrigin: location.origin,
});

export { decisionHistory as history } from '../storage/decisions.ts';
