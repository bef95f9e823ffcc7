import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { codeAt, importKey } from '../../core/otp/totp.ts';
import { ANSER } from './test-service.ts';
import { createTestToken } from './test-token.ts';

/** The API of the bank of senpoku, with the key in a data folder. */
export function client(data: string, url: string) {
  const apiKey = readFileSync(join(data, 'api-keys', 'senpoku'), 'utf8');
  return async (path: string, body?: unknown, key: string = randomUUID()) =>
    fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Idempotency-Key': key,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

/** Issues, enrols and activates. @returns the user id, and codes by steps from now */
export async function activeToken(data: string, port: number, url: string) {
  const bank = client(data, url);
  const { userId } = (await (await bank('/v1/tokens', { activationPassword: '2468' })).json()) as {
    userId: string;
  };
  const token = await createTestToken();
  const { signingKey, receivingKey } = token;
  const body = JSON.stringify({
    serviceId: '10112235',
    userId,
    activationPassword: '2468',
    signingKey,
    receivingKey,
  });
  const proof = await token.proof({
    method: 'POST',
    url: `http://token.localhost:${port}/v1/enrolments`,
    body,
    timeMs: Date.now(),
  });
  const response = await fetch(`${url}/v1/enrolments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', DPoP: proof },
    body,
  });
  const { enrolment } = (await response.json()) as { enrolment: string };
  const { key } = await token.openSecret(enrolment);
  const otpKey = await importKey(key, ANSER);
  const code = (steps: number) => codeAt(otpKey, ANSER, Date.now() + steps * 60_000);
  const activated = await bank(`/v1/tokens/${userId}/activate`, { code: await code(-1) });
  expect(await activated.json()).toMatchObject({ accepted: true });
  return { userId, code };
}
