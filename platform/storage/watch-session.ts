import { native } from '../native.ts';

/** Key of the unlocked vault in the browser's session storage. */
export const UNLOCKED = 'unlocked';

/** Calls back when the vault was unlocked, used or locked on any page. */
export function watchSession(changed: () => void): void {
  native.storage.onChanged.addListener((changes, area) => {
    if (area === 'session' && UNLOCKED in changes) changed();
  });
}
