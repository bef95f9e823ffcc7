import { expect, test } from 'vitest';
import { refusalOf, stoppedNotice } from '../../../bank/token/refusals.ts';
import type { KnownToken } from '../../../bank/token/state.ts';
import { institutionOf, SENPOKU } from '../../institutions.ts';

const DAY = 24 * 60 * 60_000;

test('トークン発行 after 利用解除 names the first day on which it is possible, however many days that are', () => {
  const releasedAt = '2026-11-02T01:00:00.000Z';
  const token = {
    serviceId: SENPOKU.serviceId,
    userId: '483920175566',
    status: 'released',
    kind: 'software',
    issuedAt: '2026-10-01T01:00:00.000Z',
    enrolBy: '2026-10-08T01:00:00.000Z',
    releasedAt,
  } as const;
  const state: KnownToken = { kind: 'released', token };
  const institution = { ...SENPOKU, rules: { ...SENPOKU.rules, reissueAfterDays: 3 } };
  const after = (days: number) => refusalOf('issue', state, institution, Date.parse(releasedAt) + days * DAY);
  const sentence = 'トークンは2026年11月05日以降に発行できます。';
  expect([0, 1, 2, 3].map(after)).toEqual([sentence, sentence, sentence, undefined]);
});

test.each([
  [
    'akita',
    'お取引店舗の窓口に、当組合所定の申込書をご提出ください。ご不明な点は、当組合までご連絡ください。電話 ',
  ],
  ['senpoku', 'お手続きができません。当組合までご連絡ください。電話 '],
])('a locked customer of %s is told how to use the token again as everywhere else', (key, said) => {
  const institution = institutionOf(key);
  expect(stoppedNotice(institution, 'locked', 'お手続き')).toContain(said);
  expect(stoppedNotice(institution, 'suspended', 'お手続き')).toContain(
    'お手続きができません。当組合までご連絡ください。電話 ',
  );
});
