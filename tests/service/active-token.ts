import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Institution } from '../../core/institution/directory.ts';
import { inOneStep } from './one-step.ts';
import { type Customer, customerOf } from './test-service.ts';
import { createTestToken } from './test-token.ts';

/** The API of a bank, with the key in a data folder. */
export function client(data: string, url: string, institution = 'senpoku') {
  const apiKey = readFileSync(join(data, 'api-keys', institution), 'utf8');
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

/** Whose token it is. */
type Issuer = Pick<Institution, 'key' | 'serviceId' | 'serviceOrigin'>;

const senpokuOn = (port: number): Issuer => ({
  key: 'senpoku',
  serviceId: '10112235',
  serviceOrigin: `http://token.localhost:${port}`,
});

/**
 * Issues, enrols and activates. The code of now is still to be had, and is accepted before its step ends.
 * @param port of the service's origin, where no institution is given
 */
export async function activeToken(
  data: string,
  port: number,
  url: string,
  { key: institution, serviceId, serviceOrigin }: Issuer = senpokuOn(port),
): Promise<Customer> {
  const bank = client(data, url, institution);
  const { userId } = (await (await bank('/v1/tokens', { activationPassword: '2468' })).json()) as {
    userId: string;
  };
  const token = await createTestToken();
  const { signingKey, receivingKey } = token;
  const body = JSON.stringify({
    serviceId,
    userId,
    activationPassword: '2468',
    signingKey,
    receivingKey,
  });
  const proof = await token.proof({
    method: 'POST',
    url: `${serviceOrigin}/v1/enrolments`,
    body,
    timeMs: Date.now(),
  });
  const response = await fetch(`${url}/v1/enrolments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', DPoP: proof },
    body,
  });
  const { enrolment } = (await response.json()) as { enrolment: string };
  const customer = await customerOf(token, userId, enrolment, Date.now);
  await inOneStep();
  const activated = await bank(`/v1/tokens/${userId}/activate`, { code: await customer.code(-1) });
  expect(await activated.json()).toMatchObject({ accepted: true });
  return customer;
}
