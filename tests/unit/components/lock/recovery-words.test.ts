import { describe, expect, test } from 'vitest';
import { reissueWords, releaseWords } from '../../../../components/lock/recovery-words.ts';
import type { Institution, ReleaseWay } from '../../../../core/institution/directory.ts';

const SELF: ReleaseWay = { by: 'self-service', path: '/otp' };
const PHONE: ReleaseWay = { by: 'phone' };
const COUNTER: ReleaseWay = {
  by: 'counter',
  hours: '平日 9:00〜15:00',
  hoursEn: 'Weekdays 9:00–15:00',
  bring: '本人確認書類',
  bringEn: 'Proof of identity',
};

const guide = (release: ReleaseWay[], family: Institution['family'] = 'ANSER', reissueAfterDays = 0) => ({
  family,
  release,
  reissueAfterDays,
});
const bodies = (...ways: ReleaseWay[]) => releaseWords(guide(ways)).map(({ body }) => body);

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
    expect(releaseWords(guide([PHONE, COUNTER])).map(({ way }) => way)).toEqual([PHONE, COUNTER]);
  });
});

test('from when a token can be issued again', () => {
  expect([0, 1, 3].map((days) => reissueWords(guide([], 'ANSER', days)))).toEqual([
    'recoveryReissueNow',
    'recoveryReissueNextDay',
    'recoveryReissue',
  ]);
});

test('each family has its own words', () => {
  const ways = [SELF, PHONE, COUNTER];
  const said = (family: Institution['family']) => [
    ...releaseWords(guide(ways, family)).map(({ body }) => body),
    reissueWords(guide(ways, family)),
  ];
  const [anser, shinkin] = [said('ANSER'), said('SHINKIN')];
  expect(shinkin).toHaveLength(anser.length);
  expect(shinkin.filter((key) => anser.includes(key))).toEqual([]);
});
