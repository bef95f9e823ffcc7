import type { Institution, ReleaseWay } from './directory.ts';

/** What the views show of an institution besides its name. */
export interface InstitutionFace extends Pick<Institution, 'nameEn' | 'family' | 'accent' | 'contact'> {
  /** Days before a token's 有効期限 from which the customer is warned. */
  readonly warnDays: number;
  /** Whether its tokens report how often they did not fill a screen. */
  readonly reportsRefusedFills?: boolean | undefined;
}

/** What the directory says about the way back for a customer whose token is gone. */
export interface RecoveryGuide extends InstitutionFace {
  readonly key: string;
  readonly name: string;
  /** Days after 利用解除 before a token can be issued again; 1 is from the next day. */
  readonly reissueAfterDays: number;
  /** Whether customers suspend a token themselves. Otherwise staff do. */
  readonly suspends: boolean;
  /** In the order to try. */
  readonly release: readonly ReleaseWay[];
  /** Origin of its internet bank, for the address of the self-service page. */
  readonly origin: string;
  /** Address of its page お困りのとき; undefined if the directory names none. */
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
