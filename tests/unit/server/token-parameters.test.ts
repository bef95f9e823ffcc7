import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Institution } from '../../../core/institution/directory.ts';
import { codeAt, importKey } from '../../../core/otp/totp.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { nextTokenOf, otpParametersOf } from '../../../server/token-parameters.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { ANSER, type Customer, createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

const BEFORE: Institution = { ...SENPOKU, confirmation: 'approve' };
const SHINKIN = { algorithm: 'SHA-1', digits: 6, period: 30 } as const;

describe('a token carries its own parameters', () => {
  let database: OpenDatabase;
  let before: TestService;
  let issuedOnly: { userId: string };
  let out: Customer;

  /** The service started again on the same database, after an edit of the directory. */
  async function restart(edit: Partial<Institution>): Promise<TestService> {
    const service = await createTestService(database, {
      folder: before.folder,
      institutions: [{ ...BEFORE, ...edit }],
    });
    // Beyond what was spent before.
    service.nextStep(restarts);
    restarts += 2;
    return service;
  }
  let restarts = 2;

  beforeAll(async () => {
    database = await openServiceMemory();
    before = await createTestService(database, { institutions: [BEFORE] });
    out = await before.active();
    const { userId } = await before.issue();
    issuedOnly = { userId };
  });
  afterAll(() => database.close());

  test.each([
    ['30 seconds', { ...ANSER, period: 30 }],
    ['6 digits', { ...ANSER, digits: 6 }],
    ['SHA-1', { ...ANSER, algorithm: 'SHA-1' }],
    ['another family', SHINKIN],
  ] as const)('an edit to %s leaves it alone', async (_what, otp) => {
    const after = await restart({ otp });
    const customer = clockOf(after, out);
    expect(await after.present('verify', customer, await customer.code())).toMatchObject({ accepted: true });
  });

  test('an edit of the mode leaves how it confirms alone', async () => {
    const after = await restart({ confirmation: 'code' });
    const { ask, decide, verify } = confirmations(after);
    const asked = await ask(out);
    expect(asked.mode).toBe('approve');
    await decide(out, asked, 'confirmed');
    expect((await verify(out, asked)).accepted).toBe(true);
  });

  test('it is released with a code of its own', async () => {
    const issued = await before.active();
    const after = await restart({ otp: SHINKIN });
    const customer = clockOf(after, issued);
    const { token } = await after.present('release', customer, await customer.code());
    expect(token.status).toBe('released');
  });

  test('one that was issued is set up with what it was issued with, asked twice as well', async () => {
    const after = await restart({ otp: SHINKIN });
    const token = await createTestToken();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const response = await after.enrolRequest(token, issuedOnly);
      const { enrolment } = (await response.json()) as { enrolment: string };
      expect(decodeJwt(enrolment)).toMatchObject({ ...ANSER });
    }
  });

  test('a new one gets the new ones', async () => {
    const after = await restart({ otp: SHINKIN, confirmation: 'code' });
    const customer = await after.active();
    expect(customer.parameters).toEqual(SHINKIN);
    expect(await customer.code()).toMatch(/^\d{6}$/);
    expect(await after.present('verify', customer, await customer.code())).toMatchObject({ accepted: true });
    const { ask, decide, shown, codeFor, verify } = confirmations(after);
    const asked = await ask(customer);
    expect(asked.mode).toBe('code');
    const [{ details } = { details: '' }] = await shown(customer);
    await decide(customer, asked, 'confirmed');
    expect((await verify(customer, asked, { code: await codeFor(customer, details) })).accepted).toBe(true);
  });
});

/** A customer by the clock of a service that was started again. */
function clockOf(service: TestService, customer: Customer): Customer {
  const key = importKey(customer.key, customer.parameters);
  const code = async (steps = 0) =>
    codeAt(await key, customer.parameters, service.clock.now() + steps * customer.parameters.period * 1000);
  return { ...customer, code };
}

test('codes that are counted by a button are made by no clock', () => {
  const row = { kind: 'hardware-hotp', algorithm: 'SHA-1', digits: 6, period: null } as const;
  expect(() => otpParametersOf(row)).toThrow('kind hardware-hotp');
});

test('software is what is issued where nothing is said', () => {
  expect(nextTokenOf(BEFORE)).toEqual({ kind: 'software', ...ANSER, confirmation: 'approve' });
});
