import type {
  LatestConfirmations,
  PendingConfirmation,
  ReplacedToken,
} from '../../core/transaction/confirmations.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { useUnreachable } from '../access.ts';
import { formatMinute } from '../dates.ts';
import { type TextKey, useText } from '../text.ts';

const DEVICE_FORMS: Record<ReplacedToken['form'], TextKey> = {
  extension: 'deviceExtension',
  companion: 'deviceCompanion',
  other: 'deviceOther',
};

interface InboxAnswerProps {
  readonly answer: LatestConfirmations;
  readonly tokens: readonly TokenSummary[];
  /** What has something to do. */
  readonly found: readonly PendingConfirmation[];
  /** Whether the customer wants to know how it came out. */
  readonly asked: boolean;
  /** Said of those that wait, where nothing else does; undefined if none does. */
  readonly waiting: string | undefined;
}

/** What the services answered, where it is not told by what waits: an error, a surprise, or nothing. */
export function InboxAnswer({ answer, tokens, found, asked, waiting }: InboxAnswerProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const about = (key: TextKey, institutions: readonly string[] = []) => {
    const own = tokens.filter(({ institution }) => institutions.includes(institution));
    return [...new Set(own.map(({ institutionName }) => text(key, institutionName)))];
  };
  const replaced = (answer.replaced ?? []).flatMap(({ tokenId, at, form, device }) => {
    const token = tokens.find(({ id }) => id === tokenId);
    const where = `${text(DEVICE_FORMS[form])} ${device}`;
    if (token === undefined || tookOver(token, tokens)) return [];
    return [text('tokenReplaced', displayName(token), formatMinute(text, at), where)];
  });
  const unheard = asked ? about(unreachable('confirmUnreachableOf'), answer.failed) : [];
  const told = [...replaced, ...unheard, ...about('confirmUnsupported', answer.unsupported)];
  // a locked vault kept the services from being asked
  const isHeard = asked && answer.concealed === undefined;
  if (isHeard && found.length + told.length === 0) told.push(text('confirmNone'));
  if (asked && waiting !== undefined) told.unshift(waiting);
  return (
    <>
      {told.map((words) => (
        <p key={words}>{words}</p>
      ))}
    </>
  );
}

/** Whether its successor is here: after 交換 within one app there is nothing to warn of. */
const tookOver = ({ id, kind, institution }: TokenSummary, tokens: readonly TokenSummary[]): boolean =>
  kind === 'serial' &&
  tokens.some((other) => other.id !== id && other.institution === institution && other.status === 'active');
