import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '../../../core/api/problem.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** What a refusal says to whoever writes a client. */

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

const problemOf = async (response: Response | Promise<Response>) =>
  problemSchema.parse(await (await response).json());

const issue = (body: string, headers: Record<string, string> = {}) =>
  problemOf(
    service.app.request(`${ORIGIN}/v1/tokens`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${service.apiKey}`,
        'Idempotency-Key': crypto.randomUUID(),
        'Content-Type': 'application/json',
        ...headers,
      },
      body,
    }),
  );

describe('a body of another form', () => {
  const withMember = (name: string) => JSON.stringify({ activationPassword: '24680135', [name]: 'secret' });

  test.each([
    ['x', 'A member that is not documented: x'],
    ['activation_password2', 'A member that is not documented: activation_password2'],
    ['x'.repeat(33), 'A member that is not documented'],
    ['<b>', 'A member that is not documented'],
    ['24680135', 'A member that is not documented'],
    ['', 'A member that is not documented'],
  ])('with the member 「%s」 is refused with the reason, and no value of it', async (name, detail) => {
    const problem = await issue(withMember(name));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', detail });
    expect(problem).not.toHaveProperty('fields');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  test.each(['[]', '"x"', '1', 'null'])('%s is refused as no object', async (body) => {
    const problem = await issue(body);
    expect(problem).toMatchObject({ status: 400, detail: 'The body is not a JSON object' });
    expect(problem).not.toHaveProperty('fields');
  });

  test('says which object has the member', async () => {
    const { userId } = await service.active();
    const transaction = {
      type: 'limit-change',
      oldLimit: 0,
      newLimit: 1,
      from: '2026-11-24',
      note: 'secret',
    };
    const asked = service.bank('POST', `/v1/tokens/${userId}/confirmations`, { transaction });
    expect(await problemOf(asked)).toMatchObject({
      detail: 'A member that is not documented: note',
      fields: ['transaction'],
    });
  });
});

test('a body in another character set or encoding is told what it has to be', async () => {
  const title = 'The request body must be application/json in UTF-8, without Content-Encoding';
  for (const headers of [
    { 'Content-Type': 'application/json; charset=shift_jis' },
    { 'Content-Encoding': 'gzip' },
    { 'Content-Type': 'text/plain' },
  ]) {
    expect(await issue('{}', headers)).toMatchObject({ status: 415, title });
  }
});

test('a write after its outcome was settled is told of that', async () => {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  await service.bank('POST', '/v1/outcomes', undefined, headers);
  expect(await issue('{"activationPassword":"24680135"}', headers)).toMatchObject({
    status: 409,
    title: 'This Idempotency-Key was used for another request, or its outcome was settled before',
  });
});
