import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PinDerivation } from './database.ts';

/**
 * Costs 128 MiB and about half a second on a desktop, because a PIN has few digits and a thief of the profile can try them all
 * (docs/adr/0009-scrypt-for-the-pin.md).
 */
export const PIN_COST = { log2N: 17, r: 8, p: 1 } as const;

export type PinCost = Pick<PinDerivation, 'log2N' | 'r' | 'p'>;

export function newDerivation(cost: PinCost, randomBytes: RandomBytes): PinDerivation {
  return { name: 'scrypt', ...cost, salt: randomBytes(16) };
}

/** 32 bytes from a normalised PIN. It does not block the page while it works. */
export async function pinSecret(
  pin: string,
  { log2N, r, p, salt }: PinDerivation,
): Promise<Uint8Array<ArrayBuffer>> {
  const { scryptAsync } = await import('@noble/hashes/scrypt.js');
  return new Uint8Array(await scryptAsync(pin, salt, { N: 2 ** log2N, r, p, dkLen: 32, asyncTick: 100 }));
}
