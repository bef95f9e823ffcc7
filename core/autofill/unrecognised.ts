import type { Check } from './checks.ts';

/** Why a page is no screen of ours. The watcher, which is in every page, needs no more than this of the recognition. */

export type Part = 'screen' | 'heading' | 'field';

export interface Unrecognised {
  readonly kind: 'unrecognised';
  /** The first mismatch: no known 画面ID or heading, no heading for the 画面ID, no such field, or several fields. */
  readonly reason: Part | 'several-fields';
  /** The check that refused that part, if any. */
  readonly check?: Check | undefined;
}

export const unrecognised = (reason: Unrecognised['reason'], check?: Check): Unrecognised => ({
  kind: 'unrecognised',
  reason,
  ...(check && { check }),
});

/** The result for a page of which nothing is known. */
export const UNKNOWN: Unrecognised = unrecognised('screen');
