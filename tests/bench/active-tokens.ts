import { randomBytes } from 'node:crypto';
import { confirmingOf } from '../../core/institution/confirming.ts';
import { codeOfCount } from '../../core/otp/hotp.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import type { TokenKind } from '../../core/otp/kind.ts';
import { codeAt, importKey, type OtpParameters, stepAt } from '../../core/otp/totp.ts';
import { seal } from '../../core/vault/seal.ts';
import { systemRandomBytes } from '../../host/random.ts';
import { readSettings } from '../../host/settings.ts';
import { loadMasterKey } from '../../server/master-key.ts';
import type { Database } from '../../server/store/database.ts';
import { SENPOKU } from '../institutions.ts';

const DAY_MS = 24 * 60 * 60_000;
const ROWS_A_STATEMENT = 500;

export const INSTITUTION_KEY = SENPOKU.key;

/** A token in use, known by what the bank and the database call it. */
export interface ActiveToken {
  readonly id: string;
  readonly userId: string;
}

/** How the tokens make their codes; those that count have no period. */
export interface BenchParameters extends Omit<OtpParameters, 'period'> {
  readonly kind: TokenKind;
  readonly period: OtpParameters['period'] | null;
}

/** The step whose codes are good at a time. */
export const stepOf = (timeMs: number): number => stepAt(timeMs, SENPOKU.otp);

/**
 * Tokens in use, as a bank with that many customers has them: written straight into the database, each sealed under the
 * service's master key. All have one OTP key, so that one code a step is good for all of them.
 */
export class ActiveTokens {
  readonly masterKey = randomBytes(KEY_BYTES).toString('base64url');
  readonly #otpKey = new Uint8Array(randomBytes(KEY_BYTES));

  readonly #parameters: BenchParameters;
  #count = 0;

  constructor(parameters: BenchParameters = { kind: 'software', ...SENPOKU.otp }) {
    this.#parameters = parameters;
  }

  /** The code of a moment of the service's clock, or of the next press of the button. */
  async code(timeMs: number): Promise<string> {
    const { period, ...codes } = this.#parameters;
    if (period !== null) {
      const parameters = { ...codes, period };
      return codeAt(await importKey(this.#otpKey, parameters), parameters, timeMs);
    }
    this.#count += 1;
    return codeOfCount(await importKey(this.#otpKey, { ...codes, period: 30 }), codes, this.#count);
  }

  /**
   * @param first number of the first; tokens of different numbers may be in one database
   * @param jkts thumbprints of their devices' signing keys; of keys nobody has, where there is no need to sign
   */
  async insert(
    db: Database,
    count: number,
    first: number,
    jkts: readonly string[] = [],
  ): Promise<ActiveToken[]> {
    const { sealing } = await loadMasterKey(readSettings({ WARIFU_MASTER_KEY: this.masterKey }));
    const tokens = Array.from({ length: count }, (_, index) => ({
      id: base64url(16),
      userId: String(100_000_000_000 + first + index),
      jkt: jkts[index] ?? base64url(32),
    }));
    for (let from = 0; from < count; from += ROWS_A_STATEMENT) {
      const part = tokens.slice(from, from + ROWS_A_STATEMENT);
      await db
        .insertInto('tokens')
        .values(await Promise.all(part.map((token) => this.#row(token, sealing))))
        .execute();
      await db.insertInto('devices').values(part.map(deviceOf)).execute();
    }
    return tokens;
  }

  async #row({ id, userId }: ActiveToken, masterKey: CryptoKey) {
    const now = Date.now();
    return {
      id,
      institution: INSTITUTION_KEY,
      user_id: userId,
      status: 'active' as const,
      ...this.#parameters,
      confirmation_mode: confirmingOf(SENPOKU).mode,
      activation_password: null,
      serial: userId.slice(3),
      secret: await seal(masterKey, this.#otpKey, id, systemRandomBytes),
      issued_at: new Date(now - 2 * DAY_MS),
      enrol_by: new Date(now + 5 * DAY_MS),
      enrolled_at: new Date(now - DAY_MS),
      activated_at: new Date(now - DAY_MS),
      expires_at: new Date(now + 1000 * DAY_MS),
    };
  }
}

/** The one device of a token, which may do all. */
function deviceOf({ id, jkt }: ActiveToken & { jkt: string }) {
  return {
    id: base64url(16),
    token_id: id,
    jkt,
    receiving_key: JSON.stringify({ kty: 'EC', crv: 'P-256', x: base64url(32), y: base64url(32) }),
    may_make_codes: true,
    may_decide: true,
    may_fill: true,
    added_at: new Date(Date.now() - DAY_MS),
  };
}

const base64url = (length: number) => randomBytes(length).toString('base64url');
