import type { Token } from '../core/api/bank.ts';
import type { StaffToken } from '../core/api/staff.ts';
import type { Institution } from '../core/institution/directory.ts';
import { policyOf } from '../core/institution/policy.ts';
import { seal } from '../core/vault/seal.ts';
import { randomDigits, randomId } from '../host/random.ts';
import type { ServiceDependencies } from './context.ts';
import type { NewToken } from './store/issues.ts';
import type { TokenRow } from './store/schema.ts';
import { nextTokenOf } from './token-parameters.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What the bank sees of a token; an issue nobody enrolled in time is void. */
export function tokenOfRow(row: TokenRow, institution: Institution, now: number): Token {
  const ranOut = row.status === 'issued' && row.enrol_by.getTime() <= now;
  return {
    serviceId: institution.serviceId,
    userId: row.user_id,
    status: ranOut ? 'void' : row.status,
    issuedAt: row.issued_at.toISOString(),
    enrolBy: row.enrol_by.toISOString(),
    ...(row.serial !== null && { serial: row.serial }),
    ...(row.enrolled_at !== null && { enrolledAt: row.enrolled_at.toISOString() }),
    ...(row.activated_at !== null && { activatedAt: row.activated_at.toISOString() }),
    ...(row.released_at !== null && { releasedAt: row.released_at.toISOString() }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
  };
}

/** What staff see of a token. */
export function staffTokenOfRow(row: TokenRow, institution: Institution, now: number): StaffToken {
  const { suspended_from: suspendedFrom } = row;
  return { ...tokenOfRow(row, institution, now), ...(suspendedFrom !== null && { suspendedFrom }) };
}

/** A token to be issued, with a user id that is hardly ever taken. */
export async function newToken(
  { masterKey, randomBytes }: Pick<ServiceDependencies, 'masterKey' | 'randomBytes'>,
  institution: Institution,
  activationPassword: string,
  at: Date,
): Promise<NewToken> {
  const id = randomId(randomBytes);
  return {
    id,
    userId: randomDigits(randomBytes, 12),
    parameters: nextTokenOf(institution),
    activationPassword: await seal(masterKey, new TextEncoder().encode(activationPassword), id, randomBytes),
    enrolBy: new Date(at.getTime() + policyOf(institution).enrolWithinDays * DAY_MS),
  };
}
