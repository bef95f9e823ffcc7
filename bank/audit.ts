import { createSecretKey } from 'node:crypto';
import type { Audit } from '../host/audit/chain.ts';
import type { BankKeys } from './keys.ts';

/** The audit of what staff did and what they were refused. */
export const bankAudit = ({ audit }: Pick<BankKeys, 'audit'>): Audit => ({
  table: 'staff_acts',
  key: createSecretKey(audit),
});
