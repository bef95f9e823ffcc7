import { describe, expect, test } from 'vitest';
import { invitesCopy, pageWords, waitSeconds } from '../../../components/page-notice-words.ts';
import { type FillReport, fillRefusals } from '../../../core/messages/fill.ts';
import { text } from './texts.ts';

const refused = (reason: (typeof fillRefusals)[number]): FillReport => ({
  kind: 'refused',
  screen: 'BLI023',
  reason,
});

describe('what is said of the page', () => {
  test.each(fillRefusals)('%s has a sentence and something to do', (reason) => {
    const { title, next } = pageWords(refused(reason));
    expect(text(title)).toMatch(/。$/);
    expect(next && text(next)).toMatch(/。$/);
  });

  test('the wait counts down in whole seconds and never below nought', () => {
    const waiting: FillReport = { kind: 'waiting', screen: 'BLI023', until: 34_000 };
    expect(text(pageWords(waiting).title, String(waitSeconds(waiting, 0)))).toBe(
      'このワンタイムパスワードは入力済みです。次のパスワードを34秒後に入力します。',
    );
    expect(waitSeconds(waiting, 33_001)).toBe(1);
    expect(waitSeconds(waiting, 99_000)).toBe(0);
  });

  test('nothing can be filled from here on a page that is not safe or not known', () => {
    for (const reason of [
      'sender-extension',
      'sender-frame',
      'sender-origin',
      'screen-unknown',
      'confirmation-differs',
    ] as const) {
      expect(pageWords(refused(reason)).canFill).toBe(false);
    }
    expect(pageWords({ kind: 'unrecognised', reason: 'heading' }).canFill).toBe(false);
  });

  test('コピー is not urged where the page is to be distrusted', () => {
    expect(invitesCopy(refused('sender-origin'))).toBe(false);
    expect(invitesCopy(refused('confirmation-differs'))).toBe(false);
    expect(pageWords(refused('confirmation-differs')).tone).toBe('danger');
    expect(invitesCopy({ kind: 'filled', screen: 'BLI023', at: 0 })).toBe(true);
  });
});
