import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { codeAt, importKey } from '../../../../core/otp/totp.ts';
import { SENPOKU } from '../../../institutions.ts';
import { createTestToken } from '../../test-token.ts';

/** Where nginx hands the bank's requests to the nodes. */
const SERVICE = 'http://127.0.0.1:4590';
const PASSWORD = '24680135';

async function bank<Answer>(path: string, body: object): Promise<Answer> {
  const key = readFileSync(`/var/lib/warifu/api-keys/${SENPOKU.key}`, 'utf8').trim();
  return post(path, JSON.stringify(body), {
    Authorization: `Bearer ${key}`,
    'Idempotency-Key': randomUUID(),
  });
}

async function post<Answer>(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${SERVICE}${path}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', Connection: 'close', ...headers },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<Answer>;
}

/** A customer with a token in use, whose codes the bank presents. @param origin of the service, as the directory says */
export async function newCustomer(origin: string) {
  const { userId } = await bank<{ userId: string }>('/v1/tokens', { activationPassword: PASSWORD });
  const token = await createTestToken();
  const { signingKey, receivingKey } = token;
  const { serviceId, otp } = SENPOKU;
  const body = JSON.stringify({
    serviceId,
    userId,
    activationPassword: PASSWORD,
    signingKey,
    receivingKey,
  });
  const url = `${origin}/v1/enrolments`;
  const proof = await token.proof({ method: 'POST', url, body, timeMs: Date.now() });
  const { enrolment } = await post<{ enrolment: string }>('/v1/enrolments', body, { DPoP: proof });
  const { key } = await token.openSecret(enrolment);
  const otpKey = await importKey(key, otp);
  const present = async (use: 'activate' | 'verify', code: string) =>
    (await bank<{ accepted: boolean }>(`/v1/tokens/${userId}/${use}`, { code })).accepted;
  return {
    present,
    /** The code of a step counted from now. */
    code: (steps: number) => codeAt(otpKey, otp, Date.now() + steps * otp.period * 1000),
  };
}
