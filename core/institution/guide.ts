import type { Institution, ReleaseWay } from './directory.ts';

/** What the views show of an institution beside its name. */
export interface InstitutionFace extends Pick<Institution, 'nameEn' | 'accent' | 'contact'> {
  /** Days before a token's 有効期限 from which the customer is warned. */
  readonly warnDays: number;
}

/** An institution's way back for a customer whose token is gone: what the directory says of it. */
export interface RecoveryGuide extends InstitutionFace {
  readonly key: string;
  readonly name: string;
  /** Days after 利用解除 before a token can be issued again; 1 is from the next day. */
  readonly reissueAfterDays: number;
  /** Whether customers suspend a token themselves; else staff do. */
  readonly suspends: boolean;
  /** In the order to try. */
  readonly release: readonly ReleaseWay[];
  /** Of its internet bank, to open the self-service page at. */
  readonly origin: string;
  /** Address of its page お困りのとき; undefined where the directory names none. */
  readonly help: string | undefined;
}

/** Whether customers suspend their token (利用停止) themselves, at the bank and on the token. */
export const suspendsByCustomer = ({ rules }: { readonly rules: Pick<Institution['rules'], 'suspend'> }) =>
  rules.suspend !== 'staff';

/** An institution at which customers make their tokens, with a シリアル番号, and register them themselves. */
export interface Maker {
  readonly key: string;
  readonly name: string;
  /** Hours that a token may wait to be registered. */
  readonly bindWithinHours: number;
}
