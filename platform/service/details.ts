import { transferDetailsSchema } from '../../core/api/confirmation.ts';
import {
  canonicalText,
  canonicalTransfer,
  checkTransfer,
  type TransferDetails,
} from '../../core/transaction/details.ts';
import type { TokenSummary } from '../../core/vault/token.ts';

/**
 * Reads the text of a transfer's details. What comes of it may be shown: it is whole, in the one form there is, for
 * this token, and its names hide nothing.
 * @returns undefined where any of that is not so
 */
export function readDetails(
  text: string,
  token: Pick<TokenSummary, 'id' | 'institution'>,
): TransferDetails | undefined {
  const { data: details } = transferDetailsSchema.safeParse(parsed(text));
  if (details === undefined || canonicalText(details) !== text) return undefined;
  if (details.token !== token.id || details.institution !== token.institution) return undefined;
  const checked = checkTransfer(details);
  const unchanged =
    checked.kind === 'transfer' && canonicalTransfer(checked.transfer) === canonicalTransfer(details);
  return unchanged ? details : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
