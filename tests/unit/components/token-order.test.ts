import { expect, test } from 'vitest';
import { orderTokens } from '../../../components/token-order.ts';
import { aToken } from './tokens.ts';

const tokens = [
  aToken({ id: 'senpoku' }),
  aToken({ id: 'akita', institutionName: '秋田県信用組合' }),
  aToken({ id: 'shop', suffix: '本店用' }),
];
const lastUsed = new Map([
  ['akita', 1_000],
  ['shop', 2_000],
]);

test.each([
  ['added', ['senpoku', 'akita', 'shop']],
  ['name', ['akita', 'senpoku', 'shop']],
  ['used', ['shop', 'akita', 'senpoku']],
] as const)('%s', (order, ids) => {
  expect(orderTokens(tokens, order, lastUsed).map(({ id }) => id)).toEqual(ids);
});
