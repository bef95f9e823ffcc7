import { expect, test } from 'vitest';
import { searchTokens } from '../../../components/token-search.ts';
import { aToken } from './tokens.ts';

const tokens = [
  aToken(),
  aToken({ id: 'two', institutionName: 'あかぎ信用組合', suffix: '本店用', serial: '243725999' }),
];
const found = (typed: string) => searchTokens(tokens, typed).map(({ id }) => id);

test('tokens are found by name, 追加文言 and serial, in any width', () => {
  expect(found('')).toEqual(['one', 'two']);
  expect(found('仙北')).toEqual(['one']);
  expect(found('本店')).toEqual(['two']);
  expect(found('２４３７２５９')).toEqual(['two']);
  expect(found('信用組合　5864')).toEqual(['one']);
  expect(found('ない')).toEqual([]);
});
