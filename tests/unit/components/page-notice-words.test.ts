import { describe, expect, test } from 'vitest';
import { invitesCopy, pageWords, waitSeconds } from '../../../components/page-notice-words.ts';
import type { PageState } from '../../../core/autofill/bank-page.ts';
import { CHECKS } from '../../../core/autofill/checks.ts';
import { type FillReport, fillRefusals } from '../../../core/messages/fill.ts';
import { text } from './texts.ts';

const refused = (reason: (typeof fillRefusals)[number]): FillReport => ({
  kind: 'refused',
  screen: 'BLI023',
  reason,
});

/** Nothing of a signature fails by these. */
const OF_FIELDS: readonly string[] = ['form-method', 'already-filled', 'field-changed'];

describe('what is said of the page', () => {
  test.each(fillRefusals)('%s has a sentence and something to do', (reason) => {
    const { title, next } = pageWords(refused(reason));
    expect(text(title)).toMatch(/。$/);
    expect(next && text(next)).toMatch(/。$/);
  });

  test.each(fillRefusals.filter((reason) => !/^(approval|confirmation|signature)-/.test(reason)))(
    'a signature that is refused for %s has a sentence that speaks of no field',
    (reason) => {
      if (OF_FIELDS.includes(reason)) return;
      const { title, next } = pageWords({ kind: 'unsigned', screen: 'BLI023', reason });
      expect(text(title)).toMatch(/。$/);
      expect(text(title)).not.toContain('入力し');
      expect(next && text(next)).toMatch(/。$/);
      expect(next && text(next)).not.toContain('この画面に入力する');
    },
  );

  test('where a signature is under way or given, no code is to be copied', () => {
    expect(invitesCopy({ kind: 'signing', screen: 'BLI023' })).toBe(false);
    expect(invitesCopy({ kind: 'signed', screen: 'BLI023', number: '47' })).toBe(false);
    expect(pageWords({ kind: 'signed', screen: 'BLI023', number: '47' }).tone).toBe('done');
  });

  test('the wait counts down in whole seconds and never below nought', () => {
    const waiting: FillReport = { kind: 'waiting', screen: 'BLI023', until: 34_000 };
    expect(text(pageWords(waiting).title, String(waitSeconds(waiting, 0)))).toBe(
      'このワンタイムパスワードは入力済みです。次のパスワードを34秒後に入力します。',
    );
    expect(waitSeconds(waiting, 33_001)).toBe(1);
    expect(waitSeconds(waiting, 99_000)).toBe(0);
  });

  test.each(CHECKS)('%s has a sentence for whatever it is of, and something to do', (check) => {
    for (const reason of ['screen', 'heading', 'field', 'several-fields'] as const) {
      const { title, about, next, action } = pageWords({ kind: 'unrecognised', reason, check });
      const sentence = text(title, ...(about ? [text(about)] : []));
      expect(sentence).toMatch(/。$/);
      expect(sentence).not.toMatch(/\$/);
      expect(next && text(next)).toMatch(/。$/);
      expect(action).toBeUndefined();
    }
  });

  test('what was covered is named: the field, the heading or the 画面ID', () => {
    const covered = (reason: 'screen' | 'heading' | 'field') => {
      const { title, about } = pageWords({ kind: 'unrecognised', reason, check: 'covered' });
      return text(title, ...(about ? [text(about)] : []));
    };
    expect(covered('field')).toBe(
      'ワンタイムパスワードの入力欄に別のものが重なっているため、入力しませんでした。',
    );
    expect(covered('heading')).toBe('画面の見出しに別のものが重なっているため、入力しませんでした。');
    expect(covered('screen')).toBe('画面IDに別のものが重なっているため、入力しませんでした。');
  });

  test('no two checks, and no two reasons without one, say the same', () => {
    const reasons = ['screen', 'heading', 'field', 'several-fields'] as const;
    const titles = [
      ...CHECKS.map((check) => pageWords({ kind: 'unrecognised', reason: 'field', check }).title),
      ...reasons.map((reason) => pageWords({ kind: 'unrecognised', reason }).title),
    ];
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('each button is the one that helps', () => {
    const actionOf = (page: PageState) => pageWords(page).action;
    expect(actionOf({ kind: 'not-permitted', of: 'page' })).toBe('allow');
    expect(actionOf({ kind: 'not-permitted', of: 'service' })).toBe('allow');
    expect(actionOf({ kind: 'not-injected' })).toBe('reload');
    expect(actionOf(refused('several-tokens'))).toBe('choose');
    expect(actionOf(refused('no-token'))).toBe('add');
    expect(actionOf(refused('on-request'))).toBe('fill');
    expect(actionOf(refused('locked'))).toBe('fill');
    expect(actionOf({ kind: 'filled', screen: 'BLI023', at: 0 })).toBeUndefined();
  });

  test('nothing can be filled from here on a page that is not safe or not known', () => {
    for (const reason of [
      'sender-extension',
      'sender-frame',
      'sender-origin',
      'screen-unknown',
      'confirmation-differs',
    ] as const) {
      expect(pageWords(refused(reason)).action).toBeUndefined();
    }
    expect(pageWords({ kind: 'unrecognised', reason: 'heading' }).action).toBeUndefined();
  });

  test('コピー is not urged where the page is to be distrusted', () => {
    expect(invitesCopy(refused('sender-origin'))).toBe(false);
    expect(invitesCopy(refused('confirmation-differs'))).toBe(false);
    expect(invitesCopy({ kind: 'unrecognised', reason: 'field', check: 'off-origin' })).toBe(false);
    expect(pageWords(refused('confirmation-differs')).tone).toBe('danger');
    expect(invitesCopy({ kind: 'filled', screen: 'BLI023', at: 0 })).toBe(true);
  });
});
