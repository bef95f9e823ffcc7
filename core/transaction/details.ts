import canonicalize from 'canonicalize';
import { checkText, type TextProblem } from './text.ts';
import { type COMMON_FIELDS, type NameField, rowsOf, type Transaction, type ValuesOf } from './types.ts';

/** Everything that a customer confirms: the transaction, and what the service adds to it. */
export interface Details extends ValuesOf<typeof COMMON_FIELDS> {
  readonly transaction: Transaction;
}

export type CheckedTransaction<T extends Transaction> =
  | { readonly kind: 'transaction'; readonly transaction: T }
  | { readonly kind: 'refused'; readonly field: NameField<T['type']>; readonly reason: TextProblem };

/** Brings the names in an otherwise well-formed transaction to the form that is signed and shown. */
export function checkTransaction<T extends Transaction>(given: T): CheckedTransaction<T> {
  const changed: Record<string, unknown> = {};
  for (const row of rowsOf(given)) {
    if (row.kind !== 'name' && row.kind !== 'coded-name') continue;
    const typed = row.kind === 'name' ? row.value : row.value.name;
    const checked = checkText(typed, row.most);
    if (checked.kind === 'refused') {
      const field = row.kind === 'name' ? row.name : `${row.name}.name`;
      return { ...checked, field: field as NameField<T['type']> };
    }
    changed[row.name] = row.kind === 'name' ? checked.text : { ...row.value, name: checked.text };
  }
  return { kind: 'transaction', transaction: Object.assign({}, given, changed) };
}

/**
 * The canonical text of details (RFC 8785), which is signed, shown and hashed, and of which codes are made. Two transactions
 * are the same if their texts are.
 */
export function canonicalText(of: object): string {
  const text = canonicalize(of);
  if (text === undefined) throw new TypeError('details must be an object');
  return text;
}

/** SHA-256 of a canonical text's UTF-8 bytes. */
export async function digestOf(canonical: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical)));
}
