import { expect, test } from 'vitest';
import { decideConfirmation } from '../../../../core/autofill/gate.ts';
import { ANSER } from '../../../../core/family/anser.ts';
import type { TransactionType } from '../../../../core/transaction/types.ts';
import { ONE_OF_EACH, PAIRS } from '../transaction/example.ts';
import { CONFIRMED, confirmed } from './gate-example.ts';

/** The screen of each type that asks for its code, and what stands there. */
const SCREENS: Record<TransactionType, { id: string; text: string }> = {
  transfer: {
    id: ANSER.screens.transferWaiting.id,
    text: '確認番号\n47\nお振込先人名\nミホン タロウ\nお振込金額\n150,000円',
  },
  'limit-change': {
    id: ANSER.screens.limitWaiting.id,
    text: '確認番号\n47\n現在の限度額\n200,000円\n変更後の限度額\n1,000,000円\n適用日\n2026年11月24日',
  },
  'email-change': {
    id: ANSER.screens.emailWaiting.id,
    text: '確認番号\n47\n現在のメールアドレス\ntaro@example.jp\n新しいメールアドレス\ntaro.mihon@example.com',
  },
  'new-device': {
    id: ANSER.screens.replaceWaiting.id,
    text: '確認番号\n47\n新しい端末\nブラウザーで使うトークン\n新しい端末のシリアルNo\n604817395',
  },
};

const on = (type: TransactionType, text = SCREENS[type].text) => ({
  ...CONFIRMED,
  request: { ...CONFIRMED.request, screen: SCREENS[type].id, text },
});

test.each(Object.values(ONE_OF_EACH))('the code of a confirmed $type goes to its screen', (transaction) => {
  const confirmations = [confirmed({ transaction })];
  expect(decideConfirmation({ ...on(transaction.type), confirmations })).toEqual({
    kind: 'release',
    confirmation: confirmations[0],
  });
});

test.each(PAIRS)('the code of %j goes to no screen of %j, whatever it shows', (one, other) => {
  const confirmations = [confirmed({ transaction: one })];
  const refused = { kind: 'refuse', reason: 'confirmation-differs' };
  expect(decideConfirmation({ ...on(other.type), confirmations })).toEqual(refused);
  expect(decideConfirmation({ ...on(other.type, SCREENS[one.type].text), confirmations })).toEqual(refused);
  expect(decideConfirmation({ ...on(other.type, '確認番号\n47'), confirmations })).toEqual(refused);
});

test.each([
  ['limit-change', '確認番号\n47\n変更後の限度額\n10,000,000円'],
  ['limit-change', '確認番号\n47\n適用日\n2026年11月21日'],
  ['email-change', '確認番号\n47\n新しいメールアドレス\njiro@example.com'],
  ['transfer', '確認番号\n47\nお振込金額\n15円'],
  ['new-device', '確認番号\n47\n新しい端末のシリアルNo\n604817396'],
] as const)('a screen of %s that shows %j gets no code', (type, text) => {
  const confirmations = [confirmed({ transaction: ONE_OF_EACH[type] })];
  expect(decideConfirmation({ ...on(type, text), confirmations })).toEqual({
    kind: 'refuse',
    reason: 'confirmation-differs',
  });
});
