import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { startPostgres } from '../../service/postgres.ts';
import { createTestService, type TestService, wrongCode } from '../../service/test-service.ts';

const databases = {
  PGlite: async () => ({ ...(await openServiceMemory()), stop: async () => {} }),
  PostgreSQL: async () => {
    const server = await startPostgres();
    return { ...(await openPostgres(server.url)), stop: server.stop };
  },
};

describe.each(['PGlite', 'PostgreSQL'] as const)('token service on %s', (kind) => {
  let database: Awaited<ReturnType<(typeof databases)[typeof kind]>>;
  let service: TestService;

  beforeAll(async () => {
    database = await databases[kind]();
    service = await createTestService(database);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await database.stop();
  });

  test('goes through its whole life', async () => {
    const { userId, status } = await service.issue();
    expect(status).toBe('issued');
    const customer = await service.enrol();
    expect(customer.userId).not.toBe(userId);
    expect((await service.present('activate', customer, await customer.code())).token.status).toBe('active');
    service.nextStep();
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
    service.nextStep();
    const released = await service.present('release', customer, await customer.code());
    expect(released).toMatchObject({ accepted: true, token: { status: 'released' } });
    expect(released.token.releasedAt).toBeDefined();
  });

  test('N3: a code is accepted once', async () => {
    const customer = await service.active();
    const code = await customer.code();
    expect((await service.present('verify', customer, code)).accepted).toBe(true);
    expect((await service.present('verify', customer, code)).accepted).toBe(false);
    service.nextStep();
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
  });

  test('N3: of 20 parallel submissions of one code one wins, and nobody is locked', async () => {
    const customer = await service.active();
    const code = await customer.code();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.present('verify', customer, code)),
    );
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    service.nextStep();
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
  });

  test('N9: one step either side passes, two fail', async () => {
    for (const [steps, accepted] of [
      [-1, true],
      [1, true],
      [-2, false],
      [2, false],
    ] as const) {
      const customer = await service.active();
      service.nextStep(3);
      expect((await service.present('verify', customer, await customer.code(steps))).accepted).toBe(accepted);
    }
  });

  test('N5: the tenth wrong code locks; the right one is then refused with the same answer', async () => {
    const customer = await service.active();
    const wrong = await wrongCode(customer);
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      expect((await service.present('verify', customer, wrong)).token.status).toBe('active');
    }
    const tenth = await service.present('verify', customer, wrong);
    expect(tenth).toMatchObject({ accepted: false, token: { status: 'locked' } });
    const eleventh = await service.present('verify', customer, await customer.code());
    expect(eleventh).toEqual(tenth);
  });

  test('N5: guesses made at once are bounded as well', async () => {
    const customer = await service.active();
    const wrong = await wrongCode(customer);
    await Promise.all(Array.from({ length: 30 }, () => service.present('verify', customer, wrong)));
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(false);
    const { failures } = await service.db
      .selectFrom('tokens')
      .select('failures')
      .where('id', '=', customer.tokenId)
      .executeTakeFirstOrThrow();
    expect(failures).toBe(10);
  });

  test('a code of another length than the token’s is no guess, however often it comes', async () => {
    const customer = await service.active();
    for (let time = 0; time < 12; time += 1) {
      const refused = await service.bank('POST', `/v1/tokens/${customer.userId}/verify`, { code: '123456' });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ code: 'invalid_request', fields: ['code'] });
    }
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
  });

  test('N6: success resets the count', async () => {
    const customer = await service.active();
    const wrong = await wrongCode(customer);
    for (let round = 0; round < 2; round += 1) {
      for (let attempt = 0; attempt < 9; attempt += 1) await service.present('verify', customer, wrong);
      expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
      service.nextStep();
    }
  });

  test('a repeated request is answered as the first was, and acts once', async () => {
    const customer = await service.active();
    const again = { 'Idempotency-Key': randomUUID() };
    const code = await customer.code();
    const answers = await Promise.all([1, 2, 3].map(() => service.present('verify', customer, code, again)));
    expect(answers.map(({ accepted }) => accepted)).toEqual([true, true, true]);

    const wrong = { 'Idempotency-Key': randomUUID() };
    for (let attempt = 0; attempt < 15; attempt += 1) {
      await service.present('verify', customer, await wrongCode(customer), wrong);
    }
    service.nextStep();
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);

    service.nextStep();
    const release = { 'Idempotency-Key': randomUUID() };
    const releaseCode = await customer.code();
    const first = await service.present('release', customer, releaseCode, release);
    expect(await service.present('release', customer, releaseCode, release)).toEqual(first);
  });

  test('an idempotency key used for another request is a conflict', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    await service.bank('POST', '/v1/tokens', { activationPassword: '1111' }, headers);
    const other = await service.bank('POST', '/v1/tokens', { activationPassword: '2222' }, headers);
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'idempotency_conflict' });
  });

  test('20 parallel issues with one idempotency key issue one token', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await service.bank('POST', '/v1/tokens', { activationPassword: '1111' }, headers);
        return ((await response.json()) as { userId: string }).userId;
      }),
    );
    expect(new Set(answers).size).toBe(1);
  });

  test('A23: steps come in order', async () => {
    const issued = await service.issue();
    const early = await service.bank('POST', `/v1/tokens/${issued.userId}/activate`, { code: '12345678' });
    expect(early.status).toBe(409);
    const customer = await service.enrol();
    const unused = await service.bank('POST', `/v1/tokens/${customer.userId}/verify`, {
      code: await customer.code(),
    });
    expect(await unused.json()).toMatchObject({ code: 'state_conflict' });
  });

  test('an issue can be broken off until it is in use', async () => {
    const issued = await service.issue();
    const broken = await service.bank('POST', `/v1/tokens/${issued.userId}/void`);
    expect(await broken.json()).toMatchObject({ status: 'void' });
    const customer = await service.active();
    expect((await service.bank('POST', `/v1/tokens/${customer.userId}/void`)).status).toBe(409);
  });

  test('an expired token is refused', async () => {
    const customer = await service.active();
    service.nextStep(6 * 366 * 24 * 60);
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(false);
    service.nextStep(-6 * 366 * 24 * 60);
  });

  test('the audit is complete and append-only', async () => {
    const customer = await service.active();
    await service.present('verify', customer, await wrongCode(customer));
    await service.present('verify', customer, await customer.code());
    const events = await service.db
      .selectFrom('audit')
      .select(['event', 'outcome'])
      .where('token_id', '=', customer.tokenId)
      .orderBy('id')
      .execute();
    expect(events.map(({ event, outcome }) => `${event} ${outcome}`)).toEqual([
      'issue done',
      'enrol done',
      'activate done',
      'verify wrong',
      'verify done',
    ]);
    await expect(sql`update audit set outcome = 'done'`.execute(service.db)).rejects.toThrow('append-only');
    await expect(sql`delete from audit`.execute(service.db)).rejects.toThrow('append-only');
  });

  test('A22: no secret can be read in the database', async () => {
    const customer = await service.enrol();
    const rows = await Promise.all(
      (['tokens', 'idempotency', 'audit', 'api_keys', 'proofs'] as const).map((table) =>
        service.db.selectFrom(table).selectAll().execute(),
      ),
    );
    const dump = JSON.stringify(rows, (_key, value) =>
      value instanceof Uint8Array || value?.type === 'Buffer'
        ? Buffer.from(value.data ?? value).toString('latin1')
        : value,
    );
    for (const form of ['latin1', 'hex', 'base64', 'base64url'] as const) {
      expect(dump).not.toContain(Buffer.from(customer.key).toString(form));
      expect(dump).not.toContain(Buffer.from(service.apiKey).toString(form));
      expect(dump).not.toContain(Buffer.from(service.staffKey).toString(form));
    }
    expect(dump).not.toContain('24680135');
    expect(dump.length).toBeGreaterThan(1000);
  });

  test('A24: the log never holds a code, a password or a key', async () => {
    const customer = await service.active();
    const code = await customer.code();
    await service.present('verify', customer, code);
    await service.bank('POST', '/v1/tokens', { activationPassword: 'x87654321' });
    const log = service.log.join('\n');
    expect(log).toContain('"path":"/v1/tokens/:userId/verify"');
    for (const secret of [code, '87654321', '24680135', service.apiKey, customer.userId])
      expect(log).not.toContain(secret);
  });
});
