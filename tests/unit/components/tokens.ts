import type { CodeView } from '../../../components/token-state.ts';
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

/** Its code in the last ten seconds, with the next one. */
export const VIEW: CodeView = {
  token: aToken(),
  expired: false,
  stopped: false,
  over: false,
  registration: undefined,
  heard: true,
  daysLeft: 1_000,
  unreadable: false,
  code: '12345678',
  next: '87654321',
  seconds: 10,
};
