import { AUDIT_PAGE, type AuditEntry } from '../../core/api/audit.ts';
import { CUSTOMER } from '../../core/api/staff.ts';
import type { BankDependencies } from '../context.ts';
import { type ActAudited, type ActsWanted, auditedActs } from '../store/staff-audit.ts';
import { detailOf } from '../token/client.ts';
import type { AskedAudit } from '../token/staff-client.ts';
import { actName, actWords, eventName, outcomeName, type Who, whoOf, wordsOf } from './audit-words.ts';
import type { SignedIn } from './context.ts';
import { proposalOfApproval } from './numbers.ts';
import { OUTCOMES } from './pages/records.ts';

/** One line of the two audits: the service's of tokens, and the bank's of what staff did. */
export interface AuditLine {
  readonly source: Source;
  readonly id: string;
  readonly at: number;
  readonly who: Who;
  /** 職員ID. */
  readonly actor: string | undefined;
  /** What happened in words, and its two parts. */
  readonly words: string;
  readonly event: string;
  readonly outcome: string;
  readonly reason: string | undefined;
  readonly userId: string | undefined;
  readonly customer: { readonly id: string; readonly loginId: string } | undefined;
  /** Number of the 申請. */
  readonly proposal: string | undefined;
}

type Source = 'token' | 'staff';

/** The line after which a page begins. At the same moment lines of staff come first, and within a source the line written later. */
export interface Place {
  readonly at: number;
  readonly source: Source;
  readonly id: string;
}

/** Which lines are read. A source that is undefined is not read. */
export interface Reading {
  readonly token: Pick<AskedAudit, 'userIds' | 'event' | 'outcome' | 'actor'> | undefined;
  readonly staff: Omit<ActsWanted, 'institution' | 'from' | 'to' | 'after'> | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface LinePage {
  readonly lines: readonly AuditLine[];
  /** Where there are more. */
  readonly next: Place | undefined;
  /** The service did not answer, or was busy: its lines are missing. */
  readonly isPartial: boolean;
}

const LAST_ID = '9'.repeat(18);

export const placeText = ({ at, source, id }: Place): string => `${at}-${source}-${id}`;

/** @returns undefined for what is no place */
export function readPlace(text: string): Place | undefined {
  const [, at, source, id] = /^(\d{1,13})-(token|staff)-(\d{1,18})$/.exec(text) ?? [];
  return at && id && (source === 'token' || source === 'staff') ? { at: Number(at), source, id } : undefined;
}

/** Where reading of a source goes on after a place. */
function inSource(source: Source, place: Place): { readonly at: number; readonly id: string } {
  if (place.source === source) return { at: place.at, id: place.id };
  return { at: place.at, id: source === 'token' ? LAST_ID : '0' };
}

/** A page of both audits by time, newest first. @param most lines of it, at most as many as a page of the service has */
export async function readLines(
  { db, staff, logger }: Pick<BankDependencies, 'db' | 'staff' | 'logger'>,
  { institution }: Pick<SignedIn, 'institution'>,
  { token, staff: acts, from, to }: Reading,
  place: Place | undefined,
  most: number,
): Promise<LinePage> {
  const limit = Math.min(most + 1, AUDIT_PAGE.most);
  const after = (source: Source) => place && inSource(source, place);
  const moment = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));
  const inTokens = after('token');
  const inStaff = after('staff');
  const wanted = { ...acts, institution: institution.key, from: moment(from), to: moment(to) };
  const [answer, done] = await Promise.all([
    token &&
      staff.serviceFor(institution).audit({
        ...token,
        from: moment(from)?.toISOString(),
        to: moment(to)?.toISOString(),
        cursor: inTokens && `${inTokens.at}-${inTokens.id}`,
        limit,
      }),
    acts
      ? auditedActs(db, { ...wanted, after: inStaff && { at: new Date(inStaff.at), id: inStaff.id } }, limit)
      : [],
  ]);
  if (answer !== undefined && answer.kind !== 'ok') {
    const detail = detailOf(answer);
    logger.error({ institution: institution.key, detail }, 'could not read the audit of tokens');
  }
  const lines = [
    ...done.map(lineOfAct),
    ...(answer?.kind === 'ok' ? answer.value.entries.map(lineOfEntry) : []),
  ].sort(newestFirst);
  const shown = lines.slice(0, limit - 1);
  const last = shown.at(-1);
  return {
    lines: shown,
    next: last && lines.length > shown.length ? last : undefined,
    isPartial: answer !== undefined && answer.kind !== 'ok',
  };
}

function newestFirst(a: AuditLine, b: AuditLine): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.source !== b.source) return a.source === 'staff' ? -1 : 1;
  return Number(BigInt(b.id) - BigInt(a.id));
}

function lineOfEntry(entry: AuditEntry): AuditLine {
  const { id, at, actor, reason, userId, approval } = entry;
  return {
    source: 'token',
    id,
    at: Date.parse(at),
    who: whoOf(entry),
    actor: actor === CUSTOMER ? undefined : actor,
    words: wordsOf(entry),
    event: eventName(entry.event),
    outcome: outcomeName(entry.outcome),
    reason,
    userId,
    customer: undefined,
    proposal: approval && proposalOfApproval(approval),
  };
}

function lineOfAct(row: ActAudited): AuditLine {
  const { customer_id, login_id } = row;
  return {
    source: 'staff',
    id: row.id,
    at: row.at.getTime(),
    who: 'staff',
    actor: row.staff_id,
    words: actWords(row),
    event: actName(row.act),
    outcome: OUTCOMES[row.outcome],
    reason: row.reason,
    userId: row.user_id ?? undefined,
    customer: customer_id && login_id ? { id: customer_id, loginId: login_id } : undefined,
    proposal: row.proposal ?? undefined,
  };
}
