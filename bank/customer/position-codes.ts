import { createHmac } from 'node:crypto';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import type { BankKeys } from '../keys.ts';
import type { PositionalPassword, Positions } from '../store/positions.ts';

/** Digits of a 資金移動用パスワード; a form asks for two of them. */
export const POSITIONS = 10;

const MAC_BYTES = 16;
const SALT_BYTES = 16;

/** Every pair of positions, the lower position first. */
export const PAIRS: readonly Positions[] = Array.from({ length: POSITIONS }, (_, index) => index + 1).flatMap(
  (first) => Array.from({ length: POSITIONS - first }, (_, index) => [first, first + index + 1] as const),
);

type PositionsKey = Pick<BankKeys, 'positions'>;

interface Given {
  readonly customerId: string;
  readonly salt: Uint8Array;
  readonly positions: Positions;
  /** The digits at these positions, in the same order. */
  readonly digits: string;
}

/** Keyed: whoever reads the database could guess two digits from a plain hash. */
function macOf({ positions: key }: PositionsKey, { customerId, salt, positions, digits }: Given): Buffer {
  const text = JSON.stringify([customerId, Buffer.from(salt).toString('base64url'), ...positions, digits]);
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}

/**
 * What the bank keeps of a 資金移動用パスワード: one code for each pair of positions, none for the whole password.
 * @throws Error if it is not ten digits
 */
export function keepPositions(
  keys: PositionsKey,
  randomBytes: RandomBytes,
  customerId: string,
  password: string,
): PositionalPassword {
  if (!new RegExp(`^[0-9]{${POSITIONS}}$`).test(password))
    throw new Error('資金移動用パスワード must be ten digits');
  const salt = Buffer.from(randomBytes(SALT_BYTES));
  const macs = PAIRS.map((positions) => {
    const digits = positions.map((position) => password[position - 1]).join('');
    return macOf(keys, { customerId, salt, positions, digits });
  });
  return { customer_id: customerId, salt, macs: Buffer.concat(macs) };
}

/** Whether the digits are those of the password at these positions. */
export function matchesPositions(
  keys: PositionsKey,
  { customer_id: customerId, salt, macs }: PositionalPassword,
  { positions, digits }: Pick<Given, 'positions' | 'digits'>,
): boolean {
  const place = PAIRS.findIndex(([first, second]) => first === positions[0] && second === positions[1]);
  if (place < 0) return false;
  const kept = Buffer.from(macs).subarray(place * MAC_BYTES, (place + 1) * MAC_BYTES);
  const given = macOf(keys, { customerId, salt, positions, digits });
  return equalInConstantTime(kept.toString('base64url'), given.toString('base64url'));
}
