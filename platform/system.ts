import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/vault/seal.ts';

export const systemClock: Clock = () => Date.now();

export const systemRandomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
