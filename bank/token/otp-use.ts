import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import type { Customer } from '../store/customers.ts';
import type { OtpState } from './otp-state.ts';
import { currentState } from './token-state.ts';

/** in-use: transfers are confirmed on the token · stopped: nothing can be transferred · not-in-use */
export type OtpUse = 'in-use' | 'stopped' | 'not-in-use';

/** Only what the token service says counts, never what a page was shown with (W4). */
export function otpUse({ kind }: OtpState): OtpUse {
  if (kind === 'active') return 'in-use';
  return kind === 'locked' || kind === 'suspended' ? 'stopped' : 'not-in-use';
}

/** @returns undefined where the token service cannot say; then nothing goes on */
export async function otpUseOf(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
): Promise<OtpUse | undefined> {
  const state = await currentState(dependencies, institution, customer);
  return state && otpUse(state);
}

export function stoppedNotice({ contact }: Institution): string {
  return `トークンが停止されているため、お振込・お振替ができません。当組合までご連絡ください。電話 ${contact.phone}（${contact.hours}）`;
}
