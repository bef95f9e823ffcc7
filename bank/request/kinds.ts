import type { TransactionType } from '../../core/transaction/types.ts';
import { EMAIL_CHANGE } from '../change/email.ts';
import { LIMIT_CHANGE } from '../change/limit.ts';
import { NEW_DEVICE } from '../change/new-device.ts';
import type { RequestTable } from '../store/requests.ts';
import { TRANSFER } from '../transfer/kind.ts';
import type { RequestKind } from './kind.ts';

/** The kinds by the type of their transaction. */
export const KINDS: Readonly<Record<TransactionType, RequestKind>> = {
  transfer: TRANSFER,
  'limit-change': LIMIT_CHANGE,
  'email-change': EMAIL_CHANGE,
  'new-device': NEW_DEVICE,
};

export const TABLES: readonly RequestTable[] = [...new Set(Object.values(KINDS).map(({ table }) => table))];
