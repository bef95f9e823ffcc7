import { describe, expect, test } from 'vitest';
import type { GateInput } from '../../../../core/autofill/asking.ts';
import { decideRelease } from '../../../../core/autofill/gate.ts';
import { asking, ELSEWHERE, HEADING, INSTITUTION, ORIGIN, SENDER, TOKEN } from './gate-example.ts';

describe('institutions that share an origin', () => {
  const SHARING = { ...INSTITUTION, key: 'akita', name: '秋田県信用組合', bankCode: '9905' };
  const LONGER = { ...INSTITUTION, key: 'longer', name: '東仙北信用組合', bankCode: '9906' };
  const showing = (text: string | undefined): GateInput => ({
    ...asking({ ...(text !== undefined && { text }) }),
    institutions: [INSTITUTION, SHARING, LONGER],
    tokens: [TOKEN, { ...ELSEWHERE }, { ...TOKEN, id: 'longer', institution: 'longer' }],
  });

  test.each([
    ['仙北信用組合\nログイン', 'first'],
    ['ようこそ 仙北信用組合 インターネットバンキング', 'first'],
    ['金融機関コード：9904', 'first'],
    ['金融機関コード\n９９０４', 'first'],
    ['秋田県信用組合', 'elsewhere'],
    ['仙北信用組合\vインターネットバンキング', 'first'],
    ['東仙北信用組合', 'longer'],
    ['東仙北信用組合 金融機関コード 9906', 'longer'],
  ])('are told apart by %j', (banner, id) => {
    expect(decideRelease(showing(`${banner}\n${HEADING}\n秋田県信用組合`))).toMatchObject({ token: { id } });
  });

  test.each(['（2/3）', '｜仙北ネットバンク', ' 画面ID : BLI023', '】'])(
    'are told apart by what is above a heading that ends with %j',
    (end) => {
      const text = `仙北信用組合\n${HEADING}${end}\n秋田県信用組合`;
      expect(decideRelease(showing(text))).toMatchObject({ token: { id: 'first' } });
      const other = `秋田県信用組合\n${text}`;
      expect(decideRelease(showing(other))).toEqual({ kind: 'refuse', reason: 'institution-unknown' });
    },
  );

  test.each([
    undefined,
    '',
    `${HEADING}\n仙北信用組合`,
    `仙北信用組合`,
    `仙北信用組合\n${HEADING}のご案内`,
    `仙北信用組合 秋田県信用組合\n${HEADING}`,
    `仙北信用組合\n東仙北信用組合\n${HEADING}`,
    `仙北信用組合 金融機関コード 9905\n${HEADING}`,
    `金融機関コード 9904\n金融機関コード 9905\n${HEADING}`,
    `金融機関コード 9999\n${HEADING}`,
    `仙北信用金庫\n${HEADING}`,
    `仙北\n信用組合\n${HEADING}`,
    `9904\n${HEADING}`,
  ])('are not told apart by %j', (text) => {
    expect(decideRelease(showing(text))).toEqual({ kind: 'refuse', reason: 'institution-unknown' });
  });

  test('in frames: all of them must allow it', () => {
    const text = `仙北信用組合\n${HEADING}`;
    const framed = { ...showing(text), sender: { ...SENDER, frameId: 3, topOrigin: ORIGIN } };
    const institutions = [{ ...INSTITUTION, frames: true }, SHARING];
    expect(decideRelease({ ...framed, institutions })).toEqual({ kind: 'refuse', reason: 'sender-frame' });
  });

  test('an institution alone on its origin need not be named', () => {
    for (const text of [HEADING, `仙北信用組合\n${HEADING}`, `金融機関コード 9904\n${HEADING}`]) {
      expect(decideRelease(asking({ text })).kind).toBe('release');
    }
  });
});
