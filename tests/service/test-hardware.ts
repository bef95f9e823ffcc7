import { randomBytes } from 'node:crypto';
import type { BindResponse } from '../../core/api/bank.ts';
import { type CodeParameters, codeOfCount } from '../../core/otp/hotp.ts';
import { importKey, stepAt } from '../../core/otp/totp.ts';
import { seal } from '../../core/vault/seal.ts';
import { randomId, systemRandomBytes } from '../../host/random.ts';
import { insertHardware } from '../../server/store/hardware.ts';
import type { TestService } from './test-service.ts';

export const HOTP = { algorithm: 'SHA-1', digits: 6, period: null } as const;
export const TOTP = { algorithm: 'SHA-1', digits: 6, period: 30 } as const;

/** A hardware token that nobody has yet, with what its display shows. */
export interface HardwareToken {
  readonly serial: string;
  readonly key: Buffer<ArrayBuffer>;
  /** The code of a count, or of a step counted from now. */
  code(count: number): Promise<string>;
  /** Two in a row. */
  pair(count: number): Promise<[string, string]>;
}

let made = 0;

/** Hardware tokens of an institution's customers; they are bound by senpoku's bank. */
export function hardware(service: TestService, institution = 'senpoku') {
  const { db, clock, dependencies, bank } = service;

  async function make(parameters: CodeParameters, { nextCount = 0, expiresAt = null as Date | null } = {}) {
    made += 1;
    const token = {
      id: randomId(systemRandomBytes),
      serial: `HW${String(made).padStart(8, '0')}`,
      key: randomBytes(20) as Buffer<ArrayBuffer>,
    };
    const secret = await seal(
      dependencies.masterKey,
      new Uint8Array(token.key),
      token.id,
      dependencies.randomBytes,
    );
    const at = new Date(clock.now());
    await insertHardware(db, { institution, at }, [{ ...token, parameters, secret, nextCount, expiresAt }]);
    const key = await importKey(new Uint8Array(token.key), { ...parameters, period: 30 });
    const code = (count: number) => {
      const now = parameters.period === null ? 0 : stepAt(clock.now(), parameters);
      return codeOfCount(key, parameters, now + count);
    };
    const pair = async (count: number): Promise<[string, string]> => [
      await code(count),
      await code(count + 1),
    ];
    return { serial: token.serial, key: token.key, code, pair } satisfies HardwareToken;
  }

  async function bind(serial: string, codes: string[], headers?: Record<string, string>) {
    const response = await bank('POST', `/v1/serials/${serial}/bind`, { codes }, headers);
    if (response.status !== 200)
      throw new Error(`bind answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as BindResponse;
  }

  /** A bound token, and its ユーザID. */
  async function bound(parameters: CodeParameters, at = parameters.period === null ? 0 : -1) {
    const token = await make(parameters);
    const { token: answered } = await bind(token.serial, await token.pair(at));
    if (answered === undefined) throw new Error('the token was not bound');
    return { ...token, userId: answered.userId };
  }

  return { make, bind, bound };
}
