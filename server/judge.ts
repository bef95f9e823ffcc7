import type { Policy } from '../core/institution/policy.ts';
import { isHardware } from '../core/otp/kind.ts';
import { type Judgement, type JudgingPolicy, judgeCode, judgePair } from '../core/otp/verify.ts';
import type { MasterKey } from './master-key.ts';
import { openOtpKey } from './otp-key.ts';
import { ProblemError } from './problem.ts';
import type { TokenRow } from './store/schema.ts';
import { codeParametersOf } from './token-parameters.ts';

type JudgedRow = Pick<
  TokenRow,
  'id' | 'kind' | 'algorithm' | 'digits' | 'period' | 'secret' | 'last_step' | 'drift'
>;

/** A code of another length than the token's is no guess. */
export const wrongLength = ({ digits }: Pick<TokenRow, 'digits'>, field: 'code' | 'codes') =>
  new ProblemError('invalid_request', `The token's codes have ${digits} digits`, [field]);

/** The clock of a hardware token is nobody's to set: it is followed farther, and as far as it was already when it came. */
const policyFor = ({ kind, drift }: JudgedRow, policy: Policy): JudgingPolicy =>
  isHardware(kind) ? { ...policy, driftSteps: Math.max(policy.hardwareDriftSteps, Math.abs(drift)) } : policy;

/**
 * Judges one code of a token, or two in a row of a hardware token: those alone are looked for so far away.
 * @throws Error where the token has no key, or is no hardware token and has two codes, or the master key is another
 */
export async function judgeOf(
  masterKey: MasterKey,
  row: JudgedRow,
  [code, next]: readonly [string, (string | undefined)?],
  timeMs: number,
  given: Policy,
): Promise<Judgement> {
  if (row.secret === null) throw new Error('the token has no key');
  if (next !== undefined && !isHardware(row.kind))
    throw new Error(`two codes of a token of kind ${row.kind}`);
  const parameters = codeParametersOf(row);
  const policy = policyFor(row, given);
  const key = openOtpKey(masterKey, row.secret, row.id, parameters);
  const state = { lastStep: row.last_step, drift: row.drift };
  return next === undefined
    ? judgeCode(key, parameters, code, timeMs, state, policy)
    : judgePair(key, parameters, [code, next], timeMs, state, policy);
}
