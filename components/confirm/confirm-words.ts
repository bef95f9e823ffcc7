import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { DecisionRefusal, PendingConfirmation } from '../../core/ports.ts';
import type { ShownField } from '../../core/transaction/comparison.ts';
import type { AccountType } from '../../core/transaction/details.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { formatTime } from '../dates.ts';
import type { TextKey, Texts } from '../text.ts';

/** `¥1,234,567`, in half-width digits whatever the language. */
export function formatYen(amount: number): string {
  return `¥${new Intl.NumberFormat('en').format(amount)}`;
}

export const ACCOUNT_TEXTS: Record<AccountType, TextKey> = {
  ordinary: 'accountOrdinary',
  current: 'accountCurrent',
  savings: 'accountSavings',
};

export const FIELD_TEXTS: Record<ShownField, TextKey> = { payee: 'payee', amount: 'amount' };

const UNREAD_TEXTS: Record<ShownField, TextKey> = {
  payee: 'confirmUnreadPayee',
  amount: 'confirmUnreadAmount',
};

/** What to tell the customer of what cannot be read off the bank's page. */
export function unreadText(unread: readonly ShownField[]): TextKey | undefined {
  const [field] = unread;
  return unread.length > 1 ? 'confirmUnreadBoth' : field && UNREAD_TEXTS[field];
}

/** What to tell the customer of each refusal; `gone` has a screen of its own. */
export const REFUSAL_TEXTS: Record<Exclude<DecisionRefusal, 'gone'>, TextKey> = {
  unreachable: 'confirmUnreachable',
  untrusted: 'confirmUntrusted',
  clock: 'confirmClock',
  vault: 'confirmVault',
  locked: 'refusedLocked',
};

interface DoneTexts {
  readonly title: TextKey;
  readonly body: TextKey;
}

export const DONE_TEXTS: Record<DecisionKind, DoneTexts> = {
  confirmed: { title: 'confirmedTitle', body: 'confirmedBody' },
  rejected: { title: 'rejectedTitle', body: 'rejectedBody' },
  'not-me': { title: 'notMeDoneTitle', body: 'notMeDoneBody' },
};

/** `09:05までに確認してください（あと4分）`: to the minute, for it is not to hurry anybody. */
export function untilWords(
  text: Texts,
  key: 'confirmUntil' | 'confirmCodeUntil',
  momentMs: number,
  leftMs: number,
): string {
  const minutes = Math.floor(leftMs / 60_000);
  const left = minutes > 0 ? text('spanMinutes', String(minutes)) : text('spanUnderMinute');
  return text(key, formatTime(text, momentMs), left);
}

/** The display name of the token asked. */
export function tokenName(
  tokens: readonly TokenSummary[],
  { tokenId }: Pick<PendingConfirmation, 'tokenId'>,
) {
  const token = tokens.find(({ id }) => id === tokenId);
  return token && displayName(token);
}
