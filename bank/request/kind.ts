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
 * A kind of request that customers confirm on the token. Asking, following, presenting and cancelling are the same for
 * every kind; this is what differs.
 */
export interface RequestKind {
  readonly type: TransactionType;
  readonly table: RequestTable;
  /** Path of its page. */
  pathOf(id: string): string;
  /** Name of its button, and what to say if the token service refuses the transaction as entered. */
  readonly words: { readonly button: string; readonly refused: string };
  /** The transaction as it was entered: it is sent to be confirmed and later verified. */
  transactionOf(db: Handle, id: string): Promise<Transaction>;
  /**
   * waiting and confirmed → executing, or refused if it is not possible at present.
   * @param code sealed; null if none is needed
   * @returns whether it was claimed now, and with this code
   */
  claim(
    dependencies: RequestDependencies,
    institution: Institution,
    id: string,
    code: Uint8Array | null,
  ): Promise<boolean>;
  /** Executes it and turns executing into done, in one transaction; does nothing if it is done. @throws UnfitError */
  fulfil(dependencies: RequestDependencies, institution: Institution, id: string, trx: Handle): Promise<void>;
}

/** What was confirmed is not possible after all; the transaction that tried it must be rolled back. */
export class UnfitError extends Error {
  override name = 'UnfitError';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`cannot be done: ${reason}`);
    this.reason = reason;
  }
}
