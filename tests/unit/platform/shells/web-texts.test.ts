import { expect, test } from 'vitest';
import { firstTexts } from '../../../../first-texts.ts';
import { webTexts } from '../../../../platform/shells/web-texts.ts';

test.each([
  ['ja-JP', '最新の取引を確認', '7秒', 'アプリとして使う'],
  ['en-GB', 'Check for transactions', '7 s', 'Use as an app'],
])(
  'the first texts of %s are there at once, all of them once they are loaded',
  async (language, check, span, later) => {
    const { text, loadAll } = webTexts(language, firstTexts());
    expect([text('confirmCheck'), text('spanSeconds', '7'), text('installTitle')]).toEqual([check, span, '']);
    await loadAll();
    expect([text('confirmCheck'), text('spanSeconds', '7'), text('installTitle')]).toEqual([
      check,
      span,
      later,
    ]);
    expect(text('no such text')).toBe('');
  },
);
