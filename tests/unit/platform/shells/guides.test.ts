import { expect, test, vi } from 'vitest';
import { policyOf } from '../../../../core/institution/policy.ts';
import { DEFAULT_DIRECTORY, institutionOf } from '../../../institutions.ts';

const serviceKey = { kty: 'EC', crv: 'P-256', x: '', y: '' } as const;
vi.stubGlobal(
  '__WARIFU_INSTITUTIONS__',
  DEFAULT_DIRECTORY.institutions.map((institution) => ({
    ...institution,
    policy: policyOf(institution),
    serviceKey,
  })),
);
const { guides } = await import('../../../../platform/shells/guides.ts');

test('利用停止 is offered in the token but where staff alone suspend', () => {
  const offered = Object.fromEntries(guides.map(({ key, suspends }) => [key, suspends]));
  expect(offered).toEqual({ aomoriken: true, ehime: false, akagi: true, senpoku: true, akita: false });
});

test('お困りのとき of the bank is on its first page origin, where the directory names it', () => {
  const [origin] = institutionOf('senpoku').pageOrigins;
  expect(guides.find(({ key }) => key === 'senpoku')?.help).toBe(`${origin}/help`);
});
