import type { AuditEvent, AuditOutcome, CountedBy } from '../../core/api/audit.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDate, japaneseHour, japaneseIsoDay, startOfJapaneseDay } from '../format.ts';
import { type AuditFilter, queryOf } from './audit-filter.ts';
import { NOT_ACCEPTED } from './audit-words.ts';

/** How much is shown. */
export const SHOWN = { hour: 48, day: 90 } as const satisfies Record<CountedBy, number>;

const HOUR_MS = 60 * 60_000;

/** A chart: how often one event had one of some outcomes. */
export interface ChartKind {
  readonly key: string;
  readonly name: string;
  readonly event: AuditEvent;
  readonly outcomes: readonly AuditOutcome[];
  /** The choice of the audit's filter that shows what is behind a point. */
  readonly outcome: string;
  /** good: as it should be · bad: somebody was refused, or refused · over: time passed */
  readonly tone: 'good' | 'bad' | 'over';
}

const one = (
  key: string,
  name: string,
  event: AuditEvent,
  outcome: AuditOutcome,
  tone: ChartKind['tone'],
): ChartKind => ({ key, name, event, outcomes: [outcome], outcome, tone });

export const CHARTS: readonly ChartKind[] = [
  one('accepted', 'ワンタイムパスワードの認証：成立', 'verify', 'done', 'good'),
  {
    key: 'refused',
    name: 'ワンタイムパスワードの認証：不成立',
    event: 'verify',
    outcomes: NOT_ACCEPTED.outcomes,
    outcome: NOT_ACCEPTED.value,
    tone: 'bad',
  },
  one('locks', '認証停止', 'lock', 'done', 'bad'),
  one('confirmed', '取引認証：承認', 'decide', 'confirmed', 'good'),
  one('rejected', '取引認証：拒否', 'decide', 'rejected', 'bad'),
  one('not-me', '取引認証：心当たりがない', 'decide', 'not-me', 'bad'),
  one('expired', '取引認証：期限切れ', 'expire', 'done', 'over'),
];

/** An hour or a day. */
export interface ChartPoint {
  /** `2026年11月27日 14時台` */
  readonly label: string;
  readonly count: number;
  /** The audit behind it. */
  readonly href: string;
}

export interface Chart {
  readonly kind: ChartKind;
  /** Oldest first, each hour or day of the range. */
  readonly points: readonly ChartPoint[];
}

/** The charts up to now. @returns undefined where the token service did not answer */
export async function readCharts(
  { staff, clock, logger }: Pick<BankDependencies, 'staff' | 'clock' | 'logger'>,
  institution: Institution,
  by: CountedBy,
): Promise<readonly Chart[] | undefined> {
  const starts = startsOf(by, clock());
  const from = starts[0] ?? 0;
  const answer = await staff.serviceFor(institution).counts(from, clock(), by);
  if (answer.kind !== 'ok') {
    const detail = answer.kind === 'problem' ? answer.code : answer.reason;
    logger.error({ institution: institution.key, detail }, 'could not count for the staff console');
    return undefined;
  }
  const { counts } = answer.value;
  return CHARTS.map((kind) => {
    const own = counts.filter(
      ({ event, outcome }) => event === kind.event && (kind.outcomes as readonly string[]).includes(outcome),
    );
    const byStart = new Map<number, number>();
    for (const { from: at, count } of own) {
      byStart.set(Date.parse(at), (byStart.get(Date.parse(at)) ?? 0) + count);
    }
    return { kind, points: starts.map((start) => pointOf(kind, by, start, byStart.get(start) ?? 0)) };
  });
}

function startsOf(by: CountedBy, now: number): number[] {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: SHOWN[by] }, (_, index) => {
    const ago = SHOWN[by] - 1 - index;
    return by === 'day' ? startOfJapaneseDay(now, -ago) : last - ago * HOUR_MS;
  });
}

function pointOf({ event, outcome }: ChartKind, by: CountedBy, start: number, count: number): ChartPoint {
  const day = japaneseIsoDay(start);
  const hour = japaneseHour(start);
  const when: Partial<AuditFilter> =
    by === 'day' ? { from: day, to: day } : { from: day, hour: String(hour) };
  return {
    label: by === 'day' ? japaneseDate(start) : `${japaneseDate(start)} ${hour}時台`,
    count,
    href: `/audit${queryOf({ event: `token ${event}`, outcome, ...when })}`,
  };
}
