import type { PageApprovals } from '../../../../entrypoints/background/approvals.ts';

/** Where no token is paired, nothing is ever asked of another device. */
export const NO_APPROVALS: Pick<PageApprovals, 'pendingFor' | 'ask' | 'answer' | 'take'> = {
  pendingFor: async () => undefined,
  ask: async () => ({ kind: 'refused', reason: 'approval-unpaired' }),
  answer: async () => ({ kind: 'refused', reason: 'approval-unpaired' }),
  take: async () => false,
};
