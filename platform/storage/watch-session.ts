import { native } from '../native.ts';

/** Key of the unlocked vault in the browser's session storage. */
export const UNLOCKED = 'unlocked';

/** Calls back when the vault was unlocked, used or locked on any page, until aborted. */
export function watchSession(changed: () => void, signal: AbortSignal): void {
  const hear: Parameters<typeof native.storage.onChanged.addListener>[0] = (changes, area) => {
    if (area === 'session' && UNLOCKED in changes) changed();
  };
  native.storage.onChanged.addListener(hear);
  signal.addEventListener('abort', () => native.storage.onChanged.removeListener(hear));
}
