import { detailsOfAnyTypeSchema, detailsSchema } from '../../core/api/confirmation.ts';
import { canonicalText, checkTransaction, type Details } from '../../core/transaction/details.ts';
import { TRANSACTIONS } from '../../core/transaction/types.ts';
import type { TokenSummary } from '../../core/vault/token.ts';

/**
 * unsupported: for this token, but with an unknown type of transaction or an unknown field · untrusted: anything else that may
 * not be shown
 */
export type ReadDetails =
  | { readonly kind: 'details'; readonly details: Details }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'untrusted' };

/**
 * Reads the text of details. Details that it returns may be shown: they are complete, canonical, for this token, of a known
 * type, and without deceptive characters in names.
 */
export function readDetails(text: string, token: Pick<TokenSummary, 'id' | 'institution'>): ReadDetails {
  const { data: any } = detailsOfAnyTypeSchema.safeParse(parsed(text));
  if (any === undefined || canonicalText(any) !== text) return { kind: 'untrusted' };
  if (any.token !== token.id || any.institution !== token.institution) return { kind: 'untrusted' };
  if (!isKnown(any.transaction)) return { kind: 'unsupported' };
  const { data: details } = detailsSchema.safeParse(any);
  if (details === undefined) return { kind: 'untrusted' };
  const checked = checkTransaction(details.transaction);
  const unchanged =
    checked.kind === 'transaction' &&
    canonicalText(checked.transaction) === canonicalText(details.transaction);
  return unchanged ? { kind: 'details', details } : { kind: 'untrusted' };
}

/** Whether the screen would show everything that is signed. */
function isKnown({ type, ...fields }: { readonly type: string }): boolean {
  const table = Object.entries(TRANSACTIONS).find(([known]) => known === type)?.[1];
  return table !== undefined && Object.keys(fields).every((field) => Object.hasOwn(table.fields, field));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
