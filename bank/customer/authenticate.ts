import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { clearAttempts, type PasswordKind, reserveAttempt } from '../store/customers.ts';
import { dummyHash, verifyPassword } from './password.ts';

/** A customer or a clerk, who has a password. */
interface Holder {
  readonly id: string;
  readonly password_hash: string;
}

interface Typed<Who> {
  readonly kind: PasswordKind;
  /** The owner of the typed ID; undefined if nobody has that ID. */
  readonly holder: Who | undefined;
  readonly password: string;
}

/**
 * Does the same work whether or not the ID exists, so that neither the answer nor its timing tells.
 * @returns the owner; undefined if the password is wrong or stopped
 */
export async function authenticate<Who extends Holder>(
  { db, clock, passwordCost }: Pick<BankDependencies, 'db' | 'clock' | 'passwordCost'>,
  institution: Institution | undefined,
  { kind, holder, password }: Typed<Who>,
): Promise<Who | undefined> {
  const nobody = `nobody at ${institution?.key ?? ''}`;
  const attempt = { customerId: holder?.id ?? nobody, kind, now: clock() };
  const counted = (await reserveAttempt(db, policyOf(institution), attempt)) !== 'stopped';
  const hash = holder && counted ? holder.password_hash : dummyHash(passwordCost);
  const matches = await verifyPassword(password, hash);
  if (!holder || !counted || !matches) return undefined;
  await clearAttempts(db, holder.id, kind);
  return holder;
}
