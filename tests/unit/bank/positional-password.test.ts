import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { POSITIONS } from '../../../bank/customer/position-codes.ts';
import {
  missingPositions,
  positionField,
  positionsError,
  positionsFor,
  renewPositions,
} from '../../../bank/customer/positional-password.ts';
import { deriveBankKeys } from '../../../bank/keys.ts';
import { DEMO_CONTRACTS, seedDemoCustomers } from '../../../bank/store/demo.ts';
import type { Positions } from '../../../bank/store/positions.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { systemRandomBytes } from '../../../host/random.ts';
import { openBankMemory } from '../../service/memory.ts';
import { EHIME } from './ehime.ts';

/** 資金移動用パスワード: two of ten positions, drawn again only after they were given. */

const CUSTOMER = 'ehime-1234567890';
const [{ positional: PASSWORD } = { positional: '' }] = DEMO_CONTRACTS;
const MINUTE = 60_000;

let bank: Awaited<ReturnType<typeof openBankMemory>>;
let keys: Awaited<ReturnType<typeof deriveBankKeys>>;
let now = Date.now();

const dependencies = () => ({
  db: bank.db,
  clock: () => now,
  randomBytes: systemRandomBytes,
  logger: pino({ enabled: false }),
  keys,
});

/** A form with these positions, filled with digits of a password. */
const form = (positions: Positions, password = PASSWORD) =>
  new Map(positions.map((position) => [positionField(position), password[position - 1] ?? '']));

const ask = () => positionsFor(dependencies(), CUSTOMER);
const judge = (filled: ReadonlyMap<string, string>) =>
  positionsError(dependencies(), EHIME, CUSTOMER, filled);

beforeAll(async () => {
  bank = await openBankMemory();
  keys = await deriveBankKeys(systemRandomBytes(32));
  await seedDemoCustomers(bank.db, [EHIME], { ...dependencies(), passwordCost: { N: 1024, r: 8, p: 1 } });
}, 60_000);

beforeEach(async () => {
  now = Date.now();
  await bank.db.deleteFrom('position_challenges').execute();
  await bank.db.deleteFrom('attempts').execute();
});

afterAll(() => bank.close());

describe('what is asked', () => {
  test('two positions, the lower first', async () => {
    const [first, second] = await ask();
    expect(first).toBeGreaterThanOrEqual(1);
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThanOrEqual(POSITIONS);
  });

  test('stays the same through visits and wrong answers, so that nobody can wait for a pair they know', async () => {
    const asked = await ask();
    for (let time = 0; time < 3; time++) {
      expect(await judge(form(asked, '1111111111'))).toBeDefined();
      expect(await ask()).toEqual(asked);
    }
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([asked, asked, asked]);
  });

  test('is drawn again, from all pairs, when it was given and its procedure is done', async () => {
    const seen = new Set<string>();
    for (let time = 0; time < 300; time++) {
      const asked = await ask();
      seen.add(asked.join());
      await renewPositions(bank.db, CUSTOMER, form(asked));
    }
    // 300 draws miss one of the 45 pairs once in a thousand runs
    expect(seen.size).toBeGreaterThan(40);
  });

  test('is not drawn again by a form with other positions', async () => {
    const [first, second] = await ask();
    const other: Positions = first === 1 ? [second, second] : [1, second];
    await renewPositions(bank.db, CUSTOMER, form(other));
    expect(await ask()).toEqual([first, second]);
  });
});

describe('what is answered', () => {
  test('the right digits are right, in full width too', async () => {
    const asked = await ask();
    expect(await judge(form(asked))).toBeUndefined();
    const wide = new Map(
      [...form(asked)].map(([name, digit]) => [name, String.fromCharCode(digit.charCodeAt(0) + 0xfee0)]),
    );
    expect(await judge(wide)).toBeUndefined();
  });

  test('different digits in the wrong order are wrong', async () => {
    const [first, second] = await ask();
    const turned = new Map([
      [positionField(first), PASSWORD[second - 1] ?? ''],
      [positionField(second), PASSWORD[first - 1] ?? ''],
    ]);
    expect(await judge(turned)).toMatchObject({ field: positionField(first) });
  });

  test.each([
    ['nothing', ['', '']],
    ['letters', ['a', 'b']],
    ['two digits in one field', ['12', '3']],
  ])('%s is an error at the field and does not count as a try', async (_, [one = '', two = '']) => {
    const [first, second] = await ask();
    const typed = new Map([
      [positionField(first), one],
      [positionField(second), two],
    ]);
    expect(await missingPositions(dependencies(), CUSTOMER, typed)).toMatchObject({
      field: positionField(first),
    });
    for (let time = 0; time < 12; time++) await judge(typed);
    expect(await judge(form([first, second]))).toBeUndefined();
  });

  test('digits at positions that were not asked are never checked', async () => {
    const [first, second] = await ask();
    const known: Positions = first === 1 && second === 2 ? [3, 4] : [1, 2];
    expect(await judge(form(known))).toMatchObject({ message: expect.stringContaining('変わりました') });
    expect(await judge(new Map([...form(known), ...form([first, second])]))).toBeDefined();
  });

  test('wrong answers in a row stop it for as long as the policy says, even for the right digits', async () => {
    const { wrongPositionsToStop, positionsStopMinutes } = DEFAULT_POLICY;
    const asked = await ask();
    const wrong = form(asked, '1111111111');
    const answers = await Promise.all(Array.from({ length: wrongPositionsToStop }, () => judge(wrong)));
    // The one that stops it says so.
    const said = (word: string) => answers.filter((answer) => answer?.message.includes(word)).length;
    expect([said('もう一度'), said('連続して')]).toEqual([wrongPositionsToStop - 1, 1]);
    expect(await judge(form(asked))).toMatchObject({ message: expect.stringContaining('連続して') });
    now += positionsStopMinutes * MINUTE - 1;
    expect(await judge(form(asked))).toBeDefined();
    now += 2;
    expect(await judge(form(asked))).toBeUndefined();
  });

  test.each([
    [30, '30分間'],
    [90, '90分間'],
    [24 * 60, '24時間'],
  ])('a stop of %i minutes is said as %s', async (positionsStopMinutes, said) => {
    const policy = { ...DEFAULT_POLICY, positionsStopMinutes };
    const asked = await ask();
    const judged = () =>
      positionsError(dependencies(), { ...EHIME, policy }, CUSTOMER, form(asked, '1111111111'));
    await Promise.all(Array.from({ length: policy.wrongPositionsToStop }, judged));
    expect((await judged())?.message).toContain(`ため、${said}お手続きができません。`);
  });
});

describe('what is kept', () => {
  test('the database contains neither the password nor a digit of it, and equal passwords look different', async () => {
    const rows = await bank.db.selectFrom('positional_passwords').selectAll().execute();
    expect(rows).toHaveLength(DEMO_CONTRACTS.length);
    for (const { macs, salt } of rows) {
      expect(Buffer.from(macs)).toHaveLength(45 * 16);
      expect(Buffer.concat([Buffer.from(macs), Buffer.from(salt)]).includes(PASSWORD)).toBe(false);
    }
    const { confirmation_hash } = await bank.db
      .selectFrom('customers')
      .select('confirmation_hash')
      .where('id', '=', CUSTOMER)
      .executeTakeFirstOrThrow();
    expect(confirmation_hash).toBeNull();
  });

  test('right digits are wrong under another key: the database alone cannot check a guess', async () => {
    const asked = await ask();
    const other = await deriveBankKeys(systemRandomBytes(32));
    const judged = positionsError({ ...dependencies(), keys: other }, EHIME, CUSTOMER, form(asked));
    expect(await judged).toMatchObject({ field: positionField(asked[0]) });
  });

  test('a row moved to another customer checks nothing', async () => {
    const own = await bank.db
      .selectFrom('positional_passwords')
      .selectAll()
      .where('customer_id', '=', CUSTOMER)
      .executeTakeFirstOrThrow();
    const [, { loginId = '' } = {}] = DEMO_CONTRACTS;
    const other = `ehime-${loginId}`;
    const before = await bank.db
      .selectFrom('positional_passwords')
      .selectAll()
      .where('customer_id', '=', other)
      .executeTakeFirstOrThrow();
    const put = ({ macs, salt }: typeof own) =>
      bank.db
        .updateTable('positional_passwords')
        .set({ macs, salt })
        .where('customer_id', '=', other)
        .execute();
    await put(own);
    const asked = await positionsFor(dependencies(), other);
    expect(await positionsError(dependencies(), EHIME, other, form(asked))).toBeDefined();
    await put(before);
  });
});
