import type { PendingApproval } from '../../../../core/transaction/approvals.ts';

export const NOW = 1_795_249_200_000;

/** An approval that waits for a minute, changed. */
export const anApproval = (changes: Partial<PendingApproval> = {}): PendingApproval => ({
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  tokenId: 'first',
  institution: 'senpoku',
  desktop: 'Firefox (Windows)',
  origin: 'https://ib.senpoku.example',
  isOwnOrigin: true,
  screen: 'ログイン（ワンタイムパスワード認証）',
  number: '42',
  confirmation: undefined,
  until: NOW + 60_000,
  request: 'a.b.c',
  ...changes,
});
