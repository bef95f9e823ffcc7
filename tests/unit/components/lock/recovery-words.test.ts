import { describe, expect, test } from 'vitest';
import { reissueWords, releaseWords } from '../../../../components/lock/recovery-words.ts';
import type { ReleaseWay } from '../../../../core/institution/directory.ts';

const SELF: ReleaseWay = { by: 'self-service', path: '/otp' };
const PHONE: ReleaseWay = { by: 'phone' };
const COUNTER: ReleaseWay = {
  by: 'counter',
  hours: '平日 9:00〜15:00',
  hoursEn: 'Weekdays 9:00–15:00',
  bring: '本人確認書類',
  bringEn: 'Proof of identity',
};

const bodies = (...ways: ReleaseWay[]) => releaseWords(ways).map(({ body }) => body);

describe('who may release a token', () => {
  test('is told in the order to try', () => {
    expect(bodies(SELF, PHONE, COUNTER)).toEqual([
      'recoverySelf',
      'recoveryPhoneElse',
      'recoveryCounterElse',
    ]);
  });

  test('nothing comes before what comes first', () => {
    expect(bodies(COUNTER)).toEqual(['recoveryCounter']);
    expect(bodies(PHONE, COUNTER)).toEqual(['recoveryPhone', 'recoveryCounterElse']);
  });

  test('keeps what is known of each way', () => {
    expect(releaseWords([PHONE, COUNTER]).map(({ way }) => way)).toEqual([PHONE, COUNTER]);
  });
});

test('from when a token can be issued again', () => {
  expect([0, 1, 3].map(reissueWords)).toEqual([
    'recoveryReissueNow',
    'recoveryReissueNextDay',
    'recoveryReissue',
  ]);
});
