import type { TokenSummary } from '../../../core/vault/token.ts';

/** A token of 仙北信用組合 as its guide shows it. */
export function aToken(changes: Partial<TokenSummary> = {}): TokenSummary {
  return {
    id: 'one',
    institution: 'senpoku',
    institutionName: '仙北信用組合',
    suffix: '',
    serial: '243725864',
    userId: '999800000001',
    parameters: { algorithm: 'SHA-256', digits: 8, period: 60 },
    enrolledAt: Date.UTC(2026, 10, 20, 23, 0),
    expiresAt: Date.UTC(2031, 9, 31, 0, 0),
    ...changes,
  };
}
