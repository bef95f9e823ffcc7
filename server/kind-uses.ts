import type { TokenKind } from '../core/otp/kind.ts';
import { ProblemError } from './problem.ts';
import type { CodeUse } from './store/codes.ts';

/** What a kind of token is not used for. */
const NOT_FOR: Readonly<Record<TokenKind, readonly (CodeUse | 'replacement')[]>> = {
  software: ['resync'],
  // 利用開始 is their binding, and 交換 takes the place of a replacement.
  serial: ['activate', 'resync', 'replacement'],
  'hardware-totp': ['activate', 'renew', 'replacement'],
  'hardware-hotp': ['activate', 'renew', 'replacement'],
};

/** @throws ProblemError state_conflict */
export function refuseUse(use: CodeUse | 'replacement', kind: TokenKind): void {
  if (!NOT_FOR[kind].includes(use)) return;
  throw new ProblemError('state_conflict', `There is no ${use} of a token of kind ${kind}`);
}
