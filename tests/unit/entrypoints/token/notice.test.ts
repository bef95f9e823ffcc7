import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noticeOf } from '../../../../entrypoints/token/worker/notice.ts';

/** What the companion's worker shows of a message by Web Push. */

beforeAll(() => {
  vi.stubGlobal('__COMPANION_NAMES__', { senpoku: ['仙北信用組合', 'Senpoku Credit Union'] });
});
afterAll(() => vi.unstubAllGlobals());

const message = (told: object) => JSON.stringify(told);
const SENPOKU = message({ institution: 'senpoku', waiting: 2 });

test('says which institution, how many wait and what to do, in the browser’s language', () => {
  expect(noticeOf(SENPOKU, 'ja-JP')).toEqual({
    title: '仙北信用組合（確認待ち 2件）',
    options: {
      body: 'ワンタイムPWアプリを起動して、取引内容を確認してください',
      tag: 'confirmations senpoku',
      renotify: true,
      icon: '/installed/icon-192.png',
      lang: 'ja',
      data: 'senpoku',
    },
  });
  expect(noticeOf(SENPOKU, 'fr').title).toBe('Senpoku Credit Union (waiting: 2)');
});

test('says that a page waits for its approval, which is the shorter wait', () => {
  const asked = message({ institution: 'senpoku', waiting: 1, approvals: 1 });
  const { title, options } = noticeOf(asked, 'ja');
  expect(title).toBe('仙北信用組合（承認待ち 1件）');
  expect(options.body).toBe('ワンタイムPWアプリを起動して、パソコンの画面を確認してください');
  expect(options.tag).toBe('confirmations senpoku');
});

describe('shows something whatever arrives, and nothing of it', () => {
  test.each([
    ['nothing', undefined],
    ['no JSON', '<b>仙北信用組合</b>'],
    ['null', 'null'],
    ['no institution', message({ waiting: 1 })],
    ['an institution that is not in the build', message({ institution: 'elsewhere', waiting: 1 })],
    ['a name that every object has', message({ institution: 'constructor', waiting: 1 })],
    ['no number', message({ institution: 'senpoku', waiting: '1' })],
  ])('%s', (_, text) => {
    const { title, options } = noticeOf(text, 'ja');
    expect(title).toBe('取引認証');
    expect(options.tag).toBe('confirmations');
  });
});
