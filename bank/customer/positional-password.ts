import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { normaliseDigits } from '../../core/otp/code.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { BankDependencies } from '../context.ts';
import { clearAttempts, reserveAttempt } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import {
  askedPositions,
  findPositionalPassword,
  forgetPositions,
  type PositionalPassword,
  type Positions,
} from '../store/positions.ts';
import type { FieldError } from '../web/form.ts';

/** 資金移動用パスワード: so many digits, of which two are asked at a time. */
export const POSITIONS = 10;

const MAC_BYTES = 16;
const SALT_BYTES = 16;

/** Every two positions, in one order. */
const PAIRS: readonly Positions[] = Array.from({ length: POSITIONS }, (_, index) => index + 1).flatMap(
  (first) => Array.from({ length: POSITIONS - first }, (_, index) => [first, first + index + 1] as const),
);

type PositionsKey = Pick<BankDependencies['keys'], 'positions'>;

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

function matches(
  keys: PositionsKey,
  { customer_id: customerId, salt, macs }: PositionalPassword,
  { positions, digits }: Pick<Given, 'positions' | 'digits'>,
): boolean {
  const place = PAIRS.findIndex(([first, second]) => first === positions[0] && second === positions[1]);
  if (place < 0) return false;
  const kept = Buffer.from(macs).subarray(place * MAC_BYTES, (place + 1) * MAC_BYTES);
  return timingSafeEqual(kept, macOf(keys, { customerId, salt, positions, digits }));
}

/** Each pair as likely as every other. */
function drawPositions(randomBytes: RandomBytes): Positions {
  const fair = 256 - (256 % PAIRS.length);
  for (;;) {
    const [byte = fair] = randomBytes(1);
    const drawn = byte < fair ? PAIRS[byte % PAIRS.length] : undefined;
    if (drawn !== undefined) return drawn;
  }
}

/**
 * The two positions this customer is asked for. They are drawn anew once they were given and what they were asked for is
 * done; until then they stay, on any page and in any session, so that nobody waits for a pair they know.
 */
export function positionsFor(
  { db, clock, randomBytes }: Pick<BankDependencies, 'db' | 'clock' | 'randomBytes'>,
  customerId: string,
): Promise<Positions> {
  return askedPositions(db, customerId, { fresh: drawPositions(randomBytes), now: clock() });
}

export const positionField = (position: number): string => `position_${position}`;

const FIELD = /^position_([0-9]{1,2})$/;

/** Which positions a form was drawn with; undefined where they are not two. */
function positionsIn(form: ReadonlyMap<string, string>): Positions | undefined {
  const found = [...form.keys()].flatMap((name) => {
    const [, position] = FIELD.exec(name) ?? [];
    return position === undefined ? [] : [Number(position)];
  });
  const [first, second, ...more] = found.sort((a, b) => a - b);
  return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
}

const digitsIn = (form: ReadonlyMap<string, string>, positions: Positions): readonly string[] =>
  positions.map((position) => normaliseDigits(form.get(positionField(position)) ?? ''));

const wrong = ([first]: Positions, message: string): FieldError => ({
  field: positionField(first),
  message,
});

/** Said without counting it as a try: nothing, or no digits, or asked of another page than the last one. */
export async function missingPositions(
  dependencies: Pick<BankDependencies, 'db' | 'clock' | 'randomBytes'>,
  customerId: string,
  form: ReadonlyMap<string, string>,
): Promise<FieldError | undefined> {
  const asked = await positionsFor(dependencies, customerId);
  const positions = positionsIn(form);
  if (positions === undefined || positions.some((position, index) => position !== asked[index])) {
    return wrong(
      asked,
      '資金移動用パスワードの入力する桁が変わりました。表示されている桁の数字を入力してください。',
    );
  }
  return digitsIn(form, positions).every((digit) => /^[0-9]$/.test(digit))
    ? undefined
    : wrong(
        asked,
        '資金移動用パスワードは、表示されている桁の数字をそれぞれ半角数字1文字で入力してください。',
      );
}

/**
 * Judges two digits of the 資金移動用パスワード. What {@link missingPositions} finds is no try.
 * @returns undefined where they are right
 */
export async function positionsError(
  dependencies: Pick<BankDependencies, 'db' | 'clock' | 'randomBytes' | 'logger' | 'keys'>,
  institution: Institution,
  customerId: string,
  form: ReadonlyMap<string, string>,
): Promise<FieldError | undefined> {
  const { db, clock, logger, keys } = dependencies;
  const missing = await missingPositions(dependencies, customerId, form);
  if (missing !== undefined) return missing;
  const asked = await positionsFor(dependencies, customerId);
  const { wrongPositionsToStop, positionsStopMinutes } = policyOf(institution);
  const stop = { wrongPasswordsToStop: wrongPositionsToStop, passwordStopMinutes: positionsStopMinutes };
  const attempt = { customerId, kind: 'positions', now: clock() } as const;
  if (!(await reserveAttempt(db, stop, attempt))) {
    logger.warn({ customer: customerId }, 'positional password stopped after too many wrong tries');
    const hours = Math.ceil(positionsStopMinutes / 60);
    return wrong(asked, `資金移動用パスワードが連続して間違えられたため、${hours}時間お手続きができません。`);
  }
  const kept = await findPositionalPassword(db, customerId);
  const digits = digitsIn(form, asked).join('');
  if (kept !== undefined && matches(keys, kept, { positions: asked, digits })) {
    await clearAttempts(db, customerId, 'positions');
    return undefined;
  }
  logger.info({ customer: customerId }, 'wrong positional password');
  return wrong(asked, '資金移動用パスワードが正しくありません。もう一度入力してください。');
}

/** What the positions were asked for is done. */
export async function renewPositions(
  db: Handle,
  customerId: string,
  form: ReadonlyMap<string, string>,
): Promise<void> {
  const positions = positionsIn(form);
  if (positions !== undefined) await forgetPositions(db, customerId, positions);
}
