import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { normaliseDigits } from '../../core/otp/code.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { BankDependencies } from '../context.ts';
import { hoursOrMinutes } from '../format.ts';
import { clearAttempts, reserveAttempt } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import {
  askedPositions,
  findPositionalPassword,
  forgetPositions,
  type Positions,
} from '../store/positions.ts';
import type { FieldError } from '../web/form.ts';
import { matchesPositions, PAIRS } from './position-codes.ts';

/** As customers know it. */
export const POSITIONAL_PASSWORD_NAME = '資金移動用パスワード';

/** Every pair is equally likely. */
function drawPositions(randomBytes: RandomBytes): Positions {
  const fair = 256 - (256 % PAIRS.length);
  for (;;) {
    const [byte = fair] = randomBytes(1);
    const drawn = byte < fair ? PAIRS[byte % PAIRS.length] : undefined;
    if (drawn !== undefined) return drawn;
  }
}

/**
 * The two positions this customer is asked for. They stay the same on every page and in every session until the customer
 * has given them and the work they were asked for is done: nobody can reload until they see a pair they know.
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
export function positionsIn(form: ReadonlyMap<string, string>): Positions | undefined {
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

/** Errors that do not count as a try: no digits, or positions that are not the ones asked for now. */
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
      `${POSITIONAL_PASSWORD_NAME}の入力する桁が変わりました。表示されている桁の数字を入力してください。`,
    );
  }
  return digitsIn(form, positions).every((digit) => /^[0-9]$/.test(digit))
    ? undefined
    : wrong(
        asked,
        `${POSITIONAL_PASSWORD_NAME}は、表示されている桁の数字をそれぞれ半角数字1文字で入力してください。`,
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
  const reserved = await reserveAttempt(db, stop, attempt);
  const kept = await findPositionalPassword(db, customerId);
  const digits = digitsIn(form, asked).join('');
  const isRight = kept !== undefined && matchesPositions(keys, kept, { positions: asked, digits });
  if (isRight && reserved !== 'stopped') {
    await clearAttempts(db, customerId, 'positions');
    return undefined;
  }
  if (reserved !== 'allowed') {
    logger.warn(
      { institution: institution.key, customer: customerId },
      'positional password stopped after too many wrong tries',
    );
    const wait = hoursOrMinutes(positionsStopMinutes);
    return wrong(
      asked,
      `${POSITIONAL_PASSWORD_NAME}が連続して間違えられたため、${wait}お手続きができません。`,
    );
  }
  logger.info({ institution: institution.key, customer: customerId }, 'wrong positional password');
  return wrong(asked, `${POSITIONAL_PASSWORD_NAME}が正しくありません。もう一度入力してください。`);
}

/** Draws new positions next time: the work these were asked for is done. */
export async function renewPositions(
  db: Handle,
  customerId: string,
  form: ReadonlyMap<string, string>,
): Promise<void> {
  const positions = positionsIn(form);
  if (positions !== undefined) await forgetPositions(db, customerId, positions);
}
