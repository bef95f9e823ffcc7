import { beforeEach, describe, expect, test } from 'vitest';
import { performAct } from '../../../bank/staff/perform.ts';
import { propose } from '../../../bank/staff/proposals.ts';
import { findCustomer } from '../../../bank/store/customers.ts';
import type { StaffRole } from '../../../bank/store/schema.ts';
import { findClerk } from '../../../bank/store/staff.ts';
import { type Desktop, pairings } from '../../service/test-pairing.ts';
import { clerkAt, recorded } from './staff-desk.ts';
import { type TestBank, useTestBankInUse } from './test-bank.ts';

const TARO = 'senpoku-taro0001';

let bank: TestBank;
let desktop: Desktop;
let before: number;

useTestBankInUse(async (stage) => {
  bank = stage.bank;
  desktop = await pairings(bank.service).pair(stage.codes.customer);
});

beforeEach(async () => {
  before = (await recorded(bank)).length;
});

const setRole = (role: StaffRole) =>
  bank.db.updateTable('staff').set({ role }).where('id', '=', 'senpoku-staff01').execute();

/** An act by a clerk whose role is removed between the check of the request and the statement. */
async function confirmedByOneWhoIsGone(submission: string) {
  const clerk = await findClerk(bank.db, 'senpoku-staff01');
  const institution = bank.directory.institutions.find(({ key }) => key === 'senpoku');
  if (clerk === undefined || institution === undefined) throw new Error('no clerk');
  const customer = await findCustomer(bank.db, TARO);
  await setRole('auditor');
  const typed = { reason: '届出', email: 'taro@example.jp', limit: undefined, device: desktop.pairing };
  return { by: { clerk, institution }, customer, userId: customer.user_id, submission, ...typed };
}

describe('a role that was removed after the request was admitted', () => {
  test('proposes nothing', async () => {
    const confirmed = await confirmedByOneWhoIsGone('gone-1');
    const outcome = await propose(bank.dependencies, { ...confirmed, act: 'suspend' });
    const limit = await propose(bank.dependencies, {
      ...confirmed,
      act: 'limit',
      limit: 5_000,
      submission: 'gone-2',
    });
    await setRole('clerk');
    for (const one of [outcome, limit]) {
      expect(one).toEqual({
        kind: 'blocked',
        notice: '操作のあいだに権限が変わったため、行えません。何も変更していません。',
      });
    }
    expect(await bank.db.selectFrom('proposals').select('id').execute()).toEqual([]);
  });

  test.each(['emergency', 'register', 'unpair'] as const)('%s: does nothing', async (act) => {
    const confirmed = await confirmedByOneWhoIsGone(`gone-${act}`);
    bank.calls.length = 0;
    const outcome = await performAct(bank.dependencies, { ...confirmed, act });
    await setRole('clerk');
    expect(outcome).toMatchObject({ kind: 'blocked', notice: expect.stringContaining('権限が変わったため') });
    expect(bank.calls.filter(({ path }) => /\/(suspend|remove)$/.test(path))).toEqual([]);
    expect(await bank.db.selectFrom('reviews').select('id').execute()).toEqual([]);
    expect((await findCustomer(bank.db, TARO)).applied_at).toBe(null);
    expect((await recorded(bank)).slice(before)).toEqual([`${act} refused`]);
  });

  test('with the role back, the same form is done', async () => {
    const confirmed = await confirmedByOneWhoIsGone('back-1');
    await setRole('clerk');
    const outcome = await propose(bank.dependencies, { ...confirmed, act: 'suspend' });
    expect(outcome).toMatchObject({ kind: 'done', to: expect.stringMatching(/^\/proposals\//) });
    expect((await (await clerkAt(bank)).open('/')).text).toContain('承認待ち');
  });
});
