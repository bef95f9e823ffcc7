import { describe, expect, test } from 'vitest';
import { detailsSchema, transactionSchema } from '../../../../core/api/confirmation.ts';
import { confirmationCode, confirmationKey } from '../../../../core/transaction/code.ts';
import { canonicalText, checkTransaction } from '../../../../core/transaction/details.ts';
import { compareShown, differences, readShown } from '../../../../core/transaction/shown.ts';
import { rowsOf, type Transaction } from '../../../../core/transaction/types.ts';
import { readDetails } from '../../../../platform/service/details.ts';
import { detailsFor, EMAIL_CHANGE, LIMIT_CHANGE, NEW_DEVICE, ONE_OF_EACH, PAIRS } from './example.ts';

const TOKEN = { id: 'BBBBBBBBBBBBBBBBBBBBBB', institution: 'senpoku' };

/** Another value for each field of the types. */
const OTHERS: readonly (readonly [Transaction, string, Transaction])[] = [
  [LIMIT_CHANGE, 'oldLimit', { ...LIMIT_CHANGE, oldLimit: 200_001 }],
  [LIMIT_CHANGE, 'newLimit', { ...LIMIT_CHANGE, newLimit: 10_000_000 }],
  [LIMIT_CHANGE, 'from', { ...LIMIT_CHANGE, from: '2026-11-21' }],
  [EMAIL_CHANGE, 'oldAddress', { ...EMAIL_CHANGE, oldAddress: 'tar0@example.jp' }],
  [EMAIL_CHANGE, 'newAddress', { ...EMAIL_CHANGE, newAddress: 'taro.mihon@examp1e.com' }],
  [NEW_DEVICE, 'device', { ...NEW_DEVICE, device: 'Chrome (Windows)' }],
  [NEW_DEVICE, 'form', { ...NEW_DEVICE, form: 'extension' }],
  [NEW_DEVICE, 'serial', { ...NEW_DEVICE, serial: '604817396' }],
  [NEW_DEVICE, 'setUpAt', { ...NEW_DEVICE, setUpAt: '2026-11-21T08:55:00.001Z' }],
];

async function codeOf(transaction: Transaction): Promise<string> {
  const login = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(7), 'HKDF', false, [
    'deriveKey',
  ]);
  return confirmationCode(await confirmationKey(login), canonicalText(detailsFor(TOKEN.id, transaction)));
}

describe('what is signed', () => {
  test('is all of a change, under its type', () => {
    expect(canonicalText(LIMIT_CHANGE)).toBe(
      '{"from":"2026-11-24","newLimit":1000000,"oldLimit":200000,"type":"limit-change"}',
    );
    expect(canonicalText(EMAIL_CHANGE)).toBe(
      '{"from":"on-acceptance","newAddress":"taro.mihon@example.com","oldAddress":"taro@example.jp","type":"email-change"}',
    );
    expect(canonicalText(NEW_DEVICE)).toBe(
      '{"device":"Chrome (Android)","form":"companion","serial":"604817395","setUpAt":"2026-11-21T08:55:00.000Z","type":"new-device"}',
    );
    for (const transaction of Object.values(ONE_OF_EACH)) {
      expect(checkTransaction(transaction)).toEqual({ kind: 'transaction', transaction });
      const text = canonicalText(detailsFor(TOKEN.id, transaction));
      expect(readDetails(text, TOKEN)).toMatchObject({ kind: 'details', details: { transaction } });
    }
  });

  test('has a field of every row, and the matrix a change of each that has another value', () => {
    for (const transaction of [LIMIT_CHANGE, EMAIL_CHANGE, NEW_DEVICE]) {
      const { type, ...fields } = transaction;
      const rows = rowsOf(transaction).map(({ name }) => name);
      expect(rows).toEqual(Object.keys(fields));
      const changed = OTHERS.filter(([of]) => of.type === type).map(([, field]) => field);
      expect(changed).toEqual(rows.filter((row) => row !== 'from' || type !== 'email-change'));
    }
  });

  test.each(OTHERS)('%j: another %s, another code', async (transaction, _field, other) => {
    expect(await codeOf(other)).not.toBe(await codeOf(transaction));
  });

  test('of one type gives no code of another', async () => {
    for (const [one, other] of PAIRS) expect(await codeOf(one)).not.toBe(await codeOf(other));
  });
});

describe('what is taken', () => {
  const isTaken = (transaction: object) => transactionSchema.safeParse(transaction).success;

  test.each([
    ['no limit at all is one', { ...LIMIT_CHANGE, newLimit: 0 }, true],
    ['a limit below nothing', { ...LIMIT_CHANGE, newLimit: -1 }, false],
    ['half a yen', { ...LIMIT_CHANGE, newLimit: 0.5 }, false],
    ['eleven digits', { ...LIMIT_CHANGE, newLimit: 10_000_000_000 }, false],
    ['a day there is not', { ...LIMIT_CHANGE, from: '2026-02-30' }, false],
    ['a moment', { ...LIMIT_CHANGE, from: '2026-11-24T00:00:00.000Z' }, false],
    ['a field of the other type', { ...LIMIT_CHANGE, newAddress: 'taro@example.jp' }, false],
    ['a change without the old value', { ...LIMIT_CHANGE, oldLimit: undefined }, false],
    ['two addresses', { ...EMAIL_CHANGE, newAddress: 'a@example.jp,b@example.jp' }, false],
    ['another header', { ...EMAIL_CHANGE, newAddress: 'a@example.jp\nBcc: b@example.jp' }, false],
    ['a look-alike', { ...EMAIL_CHANGE, newAddress: 'tаro@example.jp' }, false],
    ['a turned address', { ...EMAIL_CHANGE, newAddress: '\u202etaro@example.jp' }, false],
    ['255 characters', { ...EMAIL_CHANGE, newAddress: `a@${'b.'.repeat(125)}jp.` }, false],
    ['another time', { ...EMAIL_CHANGE, from: '2026-11-24' }, false],
    ['a device of another form', { ...NEW_DEVICE, form: 'phone' }, false],
    ['a serial of ten digits', { ...NEW_DEVICE, serial: '6048173950' }, false],
    ['a day for a moment', { ...NEW_DEVICE, setUpAt: '2026-11-21' }, false],
  ])('%s', (_what, transaction, taken) => {
    expect(isTaken(transaction)).toBe(taken);
    const text = canonicalText({ ...detailsFor(TOKEN.id), transaction });
    expect(detailsSchema.safeParse(JSON.parse(text)).success).toBe(taken);
    expect(readDetails(text, TOKEN).kind === 'details').toBe(taken);
  });
});

describe('a page', () => {
  const PAGES = {
    'limit-change':
      '確認番号\n47\n現在の限度額\n200,000円\n変更後の限度額\n1,000,000円\n適用日\n2026年11月24日',
    'email-change':
      '確認番号\n47\n現在のメールアドレス\ntaro@example.jp\n新しいメールアドレス\ntaro.mihon@example.com',
  };
  const compare = (transaction: Transaction, page: string) => compareShown(transaction, [readShown(page)]);

  test('that shows a change is read in full', () => {
    expect(compare(LIMIT_CHANGE, PAGES['limit-change'])).toEqual({
      oldLimit: 'same',
      newLimit: 'same',
      from: 'same',
    });
    expect(compare(EMAIL_CHANGE, PAGES['email-change'])).toEqual({ oldAddress: 'same', newAddress: 'same' });
    expect(compare(NEW_DEVICE, '新しい端末のシリアルNo\n604817395')).toEqual({ serial: 'same' });
    expect(compare(NEW_DEVICE, '新しい端末のシリアルNo\n604 817 395')).toEqual({ serial: 'same' });
    expect(compare(NEW_DEVICE, '新しい端末のシリアルNo\n604817396')).toEqual({ serial: 'different' });
    expect(compare(NEW_DEVICE, '新しい端末のシリアルNo\n******395')).toEqual({ serial: 'unread' });
    expect(compare(NEW_DEVICE, 'シリアルNo\n604817396')).toEqual({ serial: 'unread' });
  });

  test.each(OTHERS.filter(([{ type }]) => type !== 'new-device'))(
    'of %j shows another %s: that differs, and nothing else',
    (transaction, field, other) => {
      const page = transaction.type === 'limit-change' ? PAGES['limit-change'] : PAGES['email-change'];
      expect(differences(other, readShown(page))).toEqual([field]);
    },
  );

  test.each([
    ['変更後の限度額\t百万円', 'newLimit', 'same'],
    ['変更後の振込・振替限度額：100万円', 'newLimit', 'same'],
    ['一日あたりの限度額\t1,000,000円', 'newLimit', 'unread'],
    ['お振込金額\t1円', 'newLimit', 'unread'],
    ['適用日\t2026/11/24(火)', 'from', 'same'],
    ['適用開始日：2026-11-24', 'from', 'same'],
    ['適用日\t11月24日', 'from', 'unread'],
    ['適用日\tすぐに', 'from', 'unread'],
    ['適用日\t令和8年11月24日', 'from', 'unread'],
    ['現在の限度額 200,000円 変更後の限度額 1,000,000円 適用日 2026年11月25日', 'from', 'different'],
  ])('%j: %s is %s', (page, field, outcome) => {
    expect(compare(LIMIT_CHANGE, page)[field]).toBe(outcome);
  });

  test.each([
    ['新しいメールアドレス：taro.mihon@example.com', 'same'],
    ['新しいメールアドレス\tｔａｒｏ.mihon@example.com', 'same'],
    ['新しいメールアドレス\tta***@example.com', 'unread'],
    ['新しいメールアドレス\tTaro.Mihon@Example.com', 'unread'],
    ['新しいメールアドレス\t（非表示）', 'unread'],
    ['新しいメールアドレス\tjiro@example.com', 'different'],
    ['変更後のメールアドレス\tjiro@example.com', 'different'],
    ['送信先メールアドレス\tjiro@example.com', 'unread'],
  ])('%j: the new address is %s', (page, outcome) => {
    expect(compare(EMAIL_CHANGE, page).newAddress).toBe(outcome);
  });

  test('shows the longest address whole', () => {
    const newAddress = `${'a'.repeat(60)}@${'b23456789.'.repeat(19)}jp`;
    expect(newAddress.length).toBeGreaterThan(250);
    const longest = { ...EMAIL_CHANGE, newAddress };
    expect(compare(longest, `新しいメールアドレス\n${newAddress}`).newAddress).toBe('same');
  });
});
