import type { Lock } from '../../core/vault/lock.ts';
import { native } from '../native.ts';
import { createLock } from '../storage/lock.ts';
import { PIN_COST } from '../storage/pin-secret.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { extensionSession } from './extension-session.ts';
import { createPasskeys } from './passkeys.ts';

/** The lock of the extension's pages. */
export const extensionLock: Lock = createLock({
  session: extensionSession,
  // Firefox tells extensions nothing of the screen lock
  usePlace: location.protocol === 'moz-extension:' ? 'device' : 'screen',
  passkeys: createPasskeys((key) => native.i18n.getMessage(key), systemRandomBytes),
  pinCost: PIN_COST,
  clock: systemClock,
  randomBytes: systemRandomBytes,
});
