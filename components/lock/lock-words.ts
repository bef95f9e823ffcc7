import type { AutoLock, LockMethod, LockRefusal, UsePlace } from '../../core/vault/lock.ts';
import { MAX_PIN, MIN_PIN, type PinProblem } from '../../core/vault/pin.ts';
import type { TextKey, Texts } from '../text.ts';

export const METHOD_TEXTS: Record<LockMethod, TextKey> = {
  none: 'lockNone',
  passkey: 'lockPasskey',
  pin: 'lockPin',
};

/** What locks it by itself. */
export const USE_TEXTS: Record<UsePlace, TextKey> = {
  page: 'autoLockPageHint',
  device: 'autoLockDeviceHint',
  screen: 'autoLockHint',
};

const PROBLEM_TEXTS: Record<PinProblem, TextKey> = {
  empty: 'pinEmpty',
  short: 'pinShort',
  long: 'pinLong',
  characters: 'pinCharacters',
  common: 'pinCommon',
  own: 'pinOwn',
};

/** The text for each problem of a new PIN. */
export function problemWords(text: Texts, problem: PinProblem): string {
  return text(PROBLEM_TEXTS[problem], String(problem === 'long' ? MAX_PIN : MIN_PIN));
}

const REFUSAL_TEXTS: Record<LockRefusal, TextKey> = {
  wrong: 'pinWrong',
  cancelled: 'passkeyCancelled',
  unsupported: 'passkeyUnsupported',
  silent: 'passkeySilent',
  changed: 'lockChanged',
  vault: 'lockVault',
};

/** The text for each refusal. */
export function refusalText(reason: LockRefusal, method: LockMethod): TextKey {
  return reason === 'wrong' && method === 'passkey' ? 'passkeyWrong' : REFUSAL_TEXTS[reason];
}

export function autoLockWords(text: Texts, autoLock: AutoLock, usePlace: UsePlace): string {
  if (autoLock !== 'browser') return text('autoLockMinutes', String(autoLock));
  return text(usePlace === 'page' ? 'autoLockPage' : 'autoLockBrowser');
}
