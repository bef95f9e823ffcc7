import { createHmac } from 'node:crypto';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import type { BankKeys } from '../keys.ts';
import type { PositionalPassword, Positions } from '../store/positions.ts';

/** 資金移動用パスワード: so many digits, of which two are asked at a time. */
export const POSITIONS = 10;

const MAC_BYTES = 16;
const SALT_BYTES = 16;

/** Every two positions, in one order. */
export const PAIRS: readonly Positions[] = Array.from({ length: POSITIONS }, (_, index) => index + 1).flatMap(
  (first) => Array.from({ length: POSITIONS - first }, (_, index) => [first, first + index + 1] as const),
);

type PositionsKey = Pick<BankKeys, 'positions'>;

interface Given {
  readonly customerId: string;
  readonly salt: Uint8Array;
  readonly positions: Positions;
  /** The digits there, in that order. */
  readonly digits: string;
}

/** Keyed: two digits alone are guessed at once by whoever can check them. */
function macOf({ positions: key }: PositionsKey, { customerId, salt, positions, digits }: Given): Buffer {
  const text = JSON.stringify([customerId, Buffer.from(salt).toString('base64url'), ...positions, digits]);
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}

/**
 * What is kept of a 資金移動用パスワード: a code for each two positions, none for the whole.
 * @throws Error where it is not ten digits
 */
export function keepPositions(
  keys: PositionsKey,
  randomBytes: RandomBytes,
  customerId: string,
  password: string,
): PositionalPassword {
  if (!new RegExp(`^[0-9]{${POSITIONS}}$`).test(password))
    throw new Error('資金移動用パスワード: ten digits');
  const salt = Buffer.from(randomBytes(SALT_BYTES));
  const macs = PAIRS.map((positions) => {
    const digits = positions.map((position) => password[position - 1]).join('');
    return macOf(keys, { customerId, salt, positions, digits });
  });
  return { customer_id: customerId, salt, macs: Buffer.concat(macs) };
}

/** Whether the digits there are those of the password. */
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
