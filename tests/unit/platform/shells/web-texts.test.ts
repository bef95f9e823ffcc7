import { expect, test } from 'vitest';
import { webTexts } from '../../../../platform/shells/web-texts.ts';

test.each([
  ['ja-JP', '最新の取引を確認', '7秒'],
  ['en-GB', 'Check for transactions', '7 s'],
])(
  'the texts of %s are there once they are loaded, with what is put into them',
  async (language, check, span) => {
    const { text, loaded } = webTexts(language);
    expect(text('confirmCheck')).toBe('');
    await loaded;
    expect(text('confirmCheck')).toBe(check);
    expect(text('spanSeconds', '7')).toBe(span);
    expect(text('no such text')).toBe('');
  },
);
