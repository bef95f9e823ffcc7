import { h } from 'preact';
import { expect, test } from 'vitest';
import { inHand } from '../../../../components/confirm/inbox.ts';
import { InboxAnswer } from '../../../../components/confirm/inbox-answer.tsx';
import type { LatestConfirmations } from '../../../../core/transaction/confirmations.ts';
import { draw } from '../draw.ts';
import { aToken } from '../tokens.ts';
import { aConfirmation } from './confirmations.ts';

const tokens = [aToken(), aToken({ id: 'two' })];

const UNSUPPORTED =
  '仙北信用組合から、このトークンでは確認できない種類の取引認証が届いています。トークンを最新の版に更新してから、もう一度お確かめください。お取引にお心当たりのない場合は、金融機関へご連絡ください。';
const FAILED =
  '仙北信用組合のサービスに接続できませんでした。インターネットの接続をご確認のうえ、もう一度お試しください。';
const NONE = '新しい取引はありません。';

/** What is said of an answer. */
function said(given: Partial<LatestConfirmations>, asked: boolean, shown = tokens): string[] {
  const answer = { confirmations: [], failed: [], ...given };
  const drawn = draw(
    h(InboxAnswer, { answer, tokens: shown, found: inHand({ answer }), asked, waiting: undefined }),
  );
  return [...drawn.querySelectorAll('p')].map(({ textContent }) => textContent ?? '');
}

test('a type of transaction that is not known here is said, whether the customer pressed or not', () => {
  for (const pressed of [true, false]) {
    expect(said({ unsupported: ['senpoku'] }, pressed)).toEqual([UNSUPPORTED]);
  }
  expect(said({ unsupported: ['senpoku'], failed: ['senpoku'] }, true)).toEqual([FAILED, UNSUPPORTED]);
});

test('a token whose place another took is said, with when, where, and what to do', () => {
  const at = Date.parse('2026-11-21T00:00:00.000Z');
  const replaced = [{ tokenId: 'two', at, form: 'companion', device: 'Chrome (Android)' }] as const;
  for (const pressed of [true, false]) {
    const [words = '', ...others] = said({ replaced }, pressed);
    expect(words).toContain('2026年11月21日 09:00に新しい端末（ブラウザーで使うトークン Chrome (Android)）');
    expect(words).toContain('「設定」の「トークン削除」で削除してください');
    expect(others).toEqual([]);
  }
  const gone = [{ tokenId: 'gone', at, form: 'other', device: '' }] as const;
  expect(said({ replaced: gone }, false)).toEqual([]);
});

test('after 交換 within one app nothing is warned of; a token that was exchanged before is no successor', () => {
  const at = Date.parse('2026-11-21T00:00:00.000Z');
  const replaced = [{ tokenId: 'one', at, form: 'extension', device: 'Chrome' }] as const;
  const old = aToken({ kind: 'serial', status: 'released' });
  const other = (status: 'active' | 'released') => aToken({ id: 'two', kind: 'serial', status });
  expect(said({ replaced }, false, [old, other('active')])).toEqual([]);
  expect(said({ replaced }, false, [old, other('released')])).toHaveLength(1);
  expect(said({ replaced }, false, [old])).toHaveLength(1);
});

test('a vault that was locked when the services were to be asked says nothing of what waits', () => {
  for (const concealed of [0, 1, 'perhaps'] as const) expect(said({ concealed }, true)).toEqual([]);
});

test('what else came of asking is said to who pressed', () => {
  expect(said({}, true)).toEqual([NONE]);
  expect(said({ failed: ['senpoku'] }, true)).toEqual([FAILED]);
  expect(said({ confirmations: [aConfirmation()] }, true)).toEqual([]);
  expect(said({ failed: ['senpoku'] }, false)).toEqual([]);
});
