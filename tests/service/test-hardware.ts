import { createHash, randomBytes } from 'node:crypto';
import type { BindResponse } from '../../core/api/bank.ts';
import type { ImportRow } from '../../core/api/imports.ts';
import { type CodeParameters, codeOfCount } from '../../core/otp/hotp.ts';
import { importKey, stepAt } from '../../core/otp/totp.ts';
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
function newSerial(): string {
  made += 1;
  return `HW${String(made).padStart(8, '0')}`;
}

/** The same in every run, so that no wrong code of HOTP is right by chance. */
const secretOf = (serial: string): Buffer<ArrayBuffer> => createHash('sha1').update(serial).digest();

/** Hardware tokens of an institution's customers; they are bound by senpoku's bank. */
export function hardware(service: TestService, institution = 'senpoku') {
  const { clock, bank } = service;

  /** Imports a file of these rows. */
  async function importRows(rows: readonly ImportRow[]) {
    const Authorization = `Bearer ${await service.keyOf('staff', institution)}`;
    const path = `/v1/staff/imports/${randomBytes(32).toString('hex')}`;
    const asked = { fileName: 'tokens.csv', tokens: rows.length, actor: 'staff01', reason: '納品' };
    await bank('PUT', path, asked, { Authorization });
    const taken = await bank('PUT', `${path}/rows/0`, { rows }, { Authorization });
    if (taken.status !== 200) throw new Error(`import answered ${taken.status}: ${await taken.text()}`);
  }

  async function make(
    parameters: CodeParameters,
    {
      nextCount = 0,
      drift = 0,
      expiresAt = null as Date | null,
      serial = newSerial(),
      secret = secretOf(serial),
    } = {},
  ) {
    const token = { serial, key: secret };
    const { period, ...codes } = parameters;
    await importRows([
      {
        line: 1,
        serial: token.serial,
        key: token.key.toString('base64url'),
        ...codes,
        ...(period === null ? { counter: nextCount } : { period, drift }),
        ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
      },
    ]);
    const key = await importKey(new Uint8Array(token.key), { ...parameters, period: 30 });
    const present = () => (parameters.period === null ? 0 : stepAt(clock.now(), parameters));
    const code = (count: number) => codeOfCount(key, parameters, present() + count);
    const pair = (count: number): Promise<[string, string]> => {
      const first = present() + count;
      return Promise.all([codeOfCount(key, parameters, first), codeOfCount(key, parameters, first + 1)]);
    };
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
