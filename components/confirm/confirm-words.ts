import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import type { Details } from '../../core/transaction/details.ts';
import { type Row, rowsOf, TRANSACTIONS } from '../../core/transaction/types.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { formatTime } from '../dates.ts';
import type { TextKey, Texts } from '../text.ts';

/** `¥1,234,567`, with half-width digits in every language. */
export function formatYen(amount: number): string {
  return `¥${new Intl.NumberFormat('en').format(amount)}`;
}

/** The fields that identify a transaction. */
export const briefRows = ({ transaction }: Details): readonly Row[] =>
  rowsOf(transaction).filter(({ brief }) => brief);

/** Names of fields as on the screen, in its order. */
export function labelsOf(text: Texts, { transaction }: Details, fields: readonly string[]): string[] {
  return rowsOf(transaction)
    .filter(({ name }) => fields.includes(name))
    .map(({ label }) => text(label));
}

/** The sentence about fields that cannot be read from the bank's page. */
export function unreadWords(text: Texts, details: Details, unread: readonly string[]): string | undefined {
  const [label, ...more] = labelsOf(text, details, unread);
  if (label === undefined) return undefined;
  return more.length > 0 ? text('confirmUnread') : text('confirmUnreadField', label);
}

/** The text for each refusal; `gone` has a screen of its own. */
export const REFUSAL_TEXTS: Record<Exclude<DecisionRefusal, 'gone'>, TextKey> = {
  unreachable: 'confirmUnreachable',
  untrusted: 'confirmUntrusted',
  clock: 'confirmClock',
  'origin-required': 'confirmOriginRequired',
  vault: 'confirmVault',
  locked: 'refusedLocked',
};

const DONE_TITLES: Record<DecisionKind, TextKey> = {
  confirmed: 'confirmedTitle',
  rejected: 'rejectedTitle',
  'not-me': 'notMeDoneTitle',
};

interface DoneTexts {
  readonly title: TextKey;
  readonly body: TextKey;
}

/** Texts for a decision that has reached the service. */
export const doneTexts = ({ transaction }: Details, decision: DecisionKind): DoneTexts => ({
  title: DONE_TITLES[decision],
  body: TRANSACTIONS[transaction.type].decided[decision],
});

/** `09:05までに確認してください（あと4分）`: in minutes, so as not to hurry anybody. */
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

/** The display name of the token that is asked. */
export function tokenName(
  tokens: readonly TokenSummary[],
  { tokenId }: Pick<PendingConfirmation, 'tokenId'>,
) {
  const token = tokens.find(({ id }) => id === tokenId);
  return token && displayName(token);
}
