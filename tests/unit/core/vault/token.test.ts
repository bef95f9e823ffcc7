import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_SUFFIX, suffixProblem } from '../../../../core/vault/suffix.ts';
import { displayName } from '../../../../core/vault/token.ts';

const institutionName = 'あかぎ信用組合';
const named = (suffix: string) => displayName({ institutionName, suffix });

describe('トークン表示名', () => {
  test.each([
    ['', 'あかぎ信用組合'],
    ['本店用', 'あかぎ信用組合（本店用）'],
    ['（本店用）', 'あかぎ信用組合（本店用）'],
    ['(本店用)', 'あかぎ信用組合(本店用)'],
    ['（本店用', 'あかぎ信用組合（（本店用）'],
    ['本店（営業）', 'あかぎ信用組合（本店（営業））'],
  ])('with 追加文言 「%s」 is 「%s」', (suffix, name) => {
    expect(named(suffix)).toBe(name);
  });

  test('always begins with the institution, and the 追加文言 is always in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (suffix) => {
        const name = named(suffix);
        return name.startsWith(institutionName) && name.includes(suffix);
      }),
    );
  });
});

describe('追加文言', () => {
  test.each(['', '本店用', 'Main 2', '太郎・花子', '𠮷野家', 'é', '（本店）'])(
    '「%s」 is taken',
    (suffix) => {
      expect(suffixProblem(suffix)).toBeUndefined();
    },
  );

  test('is counted as people count', () => {
    expect(suffixProblem('𠮷'.repeat(MAX_SUFFIX))).toBeUndefined();
    expect(suffixProblem('𠮷'.repeat(MAX_SUFFIX + 1))).toBe('too-long');
  });

  test.each([
    ['a line end', '\n'],
    ['a tab', '\t'],
    ['NUL', '\0'],
    ['a delete', '\u007f'],
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner', '\u200d'],
    ['a right-to-left override', '\u202e'],
    ['a right-to-left isolate', '\u2067'],
    ['a soft hyphen', '\u00ad'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a lone surrogate', '\ud83d'],
    ['a private character', '\ue000'],
    ['a byte order mark', '\ufeff'],
    ['a tag character', '\u{e0041}'],
  ])('with %s is refused, wherever it stands', (_name, character) => {
    for (const suffix of [`${character}本店`, `本${character}店`, `本店${character}`]) {
      expect(suffixProblem(suffix)).toBe('unprintable');
    }
  });
});
