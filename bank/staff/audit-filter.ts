import {
  ACTOR_MOST,
  AUDITED_TOKENS_MOST,
  type AuditOutcome,
  auditOutcomeSchema,
} from '../../core/api/audit.ts';
import { userIdSchema } from '../../core/api/bank.ts';
import { isDayFrom2000, startOfIsoDay } from '../format.ts';
import { tokensOf } from '../store/customer-tokens.ts';
import { type Customer, findCustomerByLogin } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import type { FieldError } from '../web/form.ts';
import type { Reading } from './audit-lines.ts';
import { EVENT_CHOICES, NOT_ACCEPTED, OUTCOME_CHOICES } from './audit-words.ts';
import { OUTCOMES } from './pages/records.ts';

/** What the audit is narrowed to, as it was typed and chosen; empty where it is not. */
export interface AuditFilter {
  readonly event: string;
  readonly outcome: string;
  /** 職員ID, the whole of it. */
  readonly actor: string;
  /** ログインID or ユーザID. */
  readonly id: string;
  /** Days in Japan, both in, such as `2026-11-27`. */
  readonly from: string;
  readonly to: string;
  /** An hour of the first day, such as `14`. */
  readonly hour: string;
}

export const FILTER_FIELDS = ['event', 'outcome', 'actor', 'id', 'from', 'to', 'hour'] as const;

const MOST = ACTOR_MOST;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** @param given the values of a query or a form, by their names */
export function readFilter(given: (name: string) => string | undefined): AuditFilter {
  const entries = FILTER_FIELDS.map((name) => [
    name,
    (given(name) ?? '')
      .normalize('NFKC')
      .trim()
      .slice(0, MOST + 1),
  ]);
  return Object.fromEntries(entries) as Record<(typeof FILTER_FIELDS)[number], string>;
}

/** The filter as the query of an address, `?` and all; empty where it narrows nothing. */
export function queryOf(filter: Partial<AuditFilter>, more: Record<string, string> = {}): string {
  const values = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== '');
  return values.length === 0 ? '' : `?${new URLSearchParams(values)}`;
}

/** What is wrong with it, in the order of the fields. */
export function filterErrors({ event, outcome, actor, id, from, to, hour }: AuditFilter): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, message: string) => errors.push({ field, message });
  const isChoice = (choices: readonly { value: string }[], chosen: string) =>
    chosen === '' || choices.some(({ value }) => value === chosen);
  if (!isChoice(EVENT_CHOICES, event)) wrong('event', '内容を選び直してください。');
  if (!isChoice(OUTCOME_CHOICES, outcome)) wrong('outcome', '結果を選び直してください。');
  if (!isText(actor)) wrong('actor', `職員IDは${MOST}文字以内で入力してください。`);
  if (!isText(id)) wrong('id', `お客さままたはトークンのIDは${MOST}文字以内で入力してください。`);
  if (!isDay(from)) wrong('from', '開始日は、2026-04-01のように、実在する日付で入力してください。');
  if (!isDay(to)) wrong('to', '終了日は、2026-04-01のように、実在する日付で入力してください。');
  if (isDay(from) && isDay(to) && from !== '' && to !== '' && to < from) {
    wrong('to', '終了日は、開始日以降の日付を入力してください。');
  }
  if (hour !== '' && !HOURS.includes(hour)) wrong('hour', '時間帯を選び直してください。');
  else if (hour !== '' && (from === '' || (to !== '' && to !== from))) {
    wrong('hour', '時間帯を選ぶときは、開始日に1日だけを指定してください。');
  }
  return errors;
}

export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour));

const isText = (text: string) => text.length <= MOST && !/\p{C}/u.test(text);

/** Days before the year 2000 are refused; the service has no such entries. */
const isDay = (text: string) => text === '' || isDayFrom2000(text);

/**
 * What to read for a filter without errors. An ID is a customer's ログインID, which finds all their tokens, else a token's ユーザID.
 * @returns undefined where nobody and nothing has the ID
 */
export async function readingOf(
  db: Handle,
  institution: string,
  filter: AuditFilter,
): Promise<Reading | undefined> {
  const { event, outcome, actor, id, from, to, hour } = filter;
  const [source, kind] = event === '' ? [] : event.split(' ');
  const outcomes = outcomesOf(outcome);
  const customer = id === '' ? undefined : await findCustomerByLogin(db, institution, id);
  const userId = userIdSchema.safeParse(id).data;
  if (id !== '' && customer === undefined && userId === undefined) return undefined;
  const userIds = customer ? await userIdsOf(db, customer) : userId === undefined ? undefined : [userId];
  const ofTokens = source !== 'staff' && outcomes.token !== 'none' && userIds?.length !== 0;
  const ofStaff = source !== 'token' && outcomes.staff !== 'none';
  const start = from === '' ? undefined : startOfIsoDay(from) + Number(hour) * HOUR_MS;
  const end = to === '' ? undefined : startOfIsoDay(to) + DAY_MS;
  return {
    token: ofTokens
      ? { event: kind, outcome: outcomes.token, actor: actor || undefined, userIds }
      : undefined,
    staff: ofStaff
      ? {
          act: kind,
          outcome: outcomes.staff,
          staffId: actor || undefined,
          ...(customer ? { customerId: customer.id } : { userId }),
        }
      : undefined,
    from: start,
    to: hour !== '' && start !== undefined ? start + HOUR_MS : end,
  };
}

/** The tokens a customer has and had, the latest first. */
const userIdsOf = async (db: Handle, { id }: Customer) =>
  (await tokensOf(db, id, AUDITED_TOKENS_MOST)).map(({ user_id }) => user_id);

/** The chosen outcome in each audit; `none` where that audit has no such outcome. */
function outcomesOf(outcome: string): { readonly token?: string; readonly staff?: string } {
  if (outcome === '') return {};
  if (outcome === NOT_ACCEPTED.value) return { token: NOT_ACCEPTED.outcomes.join(','), staff: 'refused' };
  const isToken = auditOutcomeSchema.options.includes(outcome as AuditOutcome);
  return { token: isToken ? outcome : 'none', staff: outcome in OUTCOMES ? outcome : 'none' };
}
