import type { Institution } from '../../core/institution/directory.ts';
import type { Transaction, TransactionType } from '../../core/transaction/types.ts';
import type { BankDependencies } from '../context.ts';
import type { Handle } from '../store/database.ts';
import type { RequestTable } from '../store/requests.ts';
import type { RefusalReason } from '../store/schema.ts';

export type RequestDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

/**
 * What customers apply for and confirm on the token. Asking, following, presenting and calling off are the same for every
 * kind; this is what is not.
 */
export interface RequestKind {
  readonly type: TransactionType;
  readonly table: RequestTable;
  /** Its page. */
  pathOf(id: string): string;
  /** What is said where it cannot be asked for as it was entered. */
  readonly words: { readonly button: string; readonly refused: string };
  /** As it was entered: what is asked to be confirmed, and later verified. */
  transactionOf(db: Handle, id: string): Promise<Transaction>;
  /**
   * waiting and confirmed → executing, or refused where it cannot be done as things stand.
   * @param code sealed; null where none is needed
   */
  claim(
    dependencies: RequestDependencies,
    institution: Institution,
    id: string,
    code: Uint8Array | null,
  ): Promise<void>;
  /** Does it and turns executing into done, in one transaction; nothing where that was done. @throws UnfitError */
  fulfil(dependencies: RequestDependencies, institution: Institution, id: string, trx: Handle): Promise<void>;
}

/** What was confirmed cannot be done after all; the transaction that tried it has to be rolled back. */
export class UnfitError extends Error {
  override name = 'UnfitError';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`cannot be done: ${reason}`);
    this.reason = reason;
  }
}
