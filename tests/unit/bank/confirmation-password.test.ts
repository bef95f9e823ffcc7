import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmationPasswordError } from '../../../bank/customer/confirmation-password.ts';
import { createPasswordChecks } from '../../../bank/customer/password-checks.ts';
import { deriveBankKeys } from '../../../bank/keys.ts';
import { findCustomer } from '../../../bank/store/customers.ts';
import { seedDemoCustomers } from '../../../bank/store/demo.ts';
import { OutageError } from '../../../core/errors.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { bounded } from '../../../host/bounded.ts';
import { systemRandomBytes } from '../../../host/random.ts';
import { SENPOKU } from '../../institutions.ts';
import { openBankMemory } from '../../service/memory.ts';

const PASSWORD_COST = { N: 1024, r: 8, p: 1 };

let bank: Awaited<ReturnType<typeof openBankMemory>>;

beforeAll(async () => {
  bank = await openBankMemory();
  const keys = await deriveBankKeys(systemRandomBytes(32));
  const seeding = { randomBytes: systemRandomBytes, clock: Date.now, keys, passwordCost: PASSWORD_COST };
  await seedDemoCustomers(bank.db, [SENPOKU], seeding);
}, 60_000);
afterAll(() => bank.close());

const dependencies = () => ({
  db: bank.db,
  clock: Date.now,
  logger: pino({ enabled: false }),
  passwordCost: PASSWORD_COST,
  passwordChecks: createPasswordChecks(),
});

test('a 確認用パスワード that could not be checked, because too many wait, does not count as wrong', async () => {
  const customer = await findCustomer(bank.db, 'senpoku-taro0001');
  const confirmation = bounded({ atOnce: 1, mostWaiting: 0, mostWaitMs: 1 });
  const full = { ...dependencies(), passwordChecks: { ...createPasswordChecks(), confirmation } };
  const press = () => confirmationPasswordError(full, SENPOKU, customer, 'kakunin1234');
  const others = Promise.withResolvers<void>();
  const busy = confirmation.run(() => others.promise);
  for (let time = 0; time <= DEFAULT_POLICY.wrongPasswordsToStop; time += 1) {
    await expect(press()).rejects.toThrow(OutageError);
  }
  others.resolve();
  await busy;
  expect(await press()).toBeUndefined();
});

describe('the last try', () => {
  const press = async (typed: string) => {
    const customer = await findCustomer(bank.db, 'senpoku-taro0001');
    return (await confirmationPasswordError(dependencies(), SENPOKU, customer, typed))?.message;
  };
  const leaveOne = async () => {
    await bank.db.deleteFrom('attempts').execute();
    for (let time = 1; time < DEFAULT_POLICY.wrongPasswordsToStop; time += 1) {
      expect(await press('machigai1234')).toContain('もう一度入力してください');
    }
  };

  test('that is wrong is answered as stopped', async () => {
    await leaveOne();
    const stopped = await press('machigai1234');
    expect(stopped).toContain(`${DEFAULT_POLICY.passwordStopMinutes}分間お手続きができません`);
    expect(stopped).not.toContain('もう一度');
    expect(await press('kakunin1234')).toBe(stopped);
  });

  test('that is right is right', async () => {
    await leaveOne();
    expect(await press('kakunin1234')).toBeUndefined();
    expect(await press('machigai1234')).toContain('もう一度入力してください');
  });
});
