import type { AuditEvent, AuditOutcome, CountedBy } from '../../core/api/audit.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDate, japaneseHour, japaneseIsoDay, startOfJapaneseDay } from '../format.ts';
import { detailOf } from '../token/client.ts';
import { type AuditFilter, queryOf } from './audit-filter.ts';
import { NOT_ACCEPTED } from './audit-words.ts';

/** How many hours or days a chart shows. */
export const SHOWN = { hour: 48, day: 90 } as const satisfies Record<CountedBy, number>;

const HOUR_MS = 60 * 60_000;

/** What a chart shows itself as. */
export interface ChartFace {
  readonly key: string;
  readonly name: string;
  /** good: as it should be · bad: somebody was refused, or refused · over: time passed */
  readonly tone: 'good' | 'bad' | 'over';
}

/** A chart: how often one event had one of some outcomes. */
export interface ChartKind extends ChartFace {
  readonly event: AuditEvent;
  readonly outcomes: readonly AuditOutcome[];
  /** The outcome to choose in the audit's filter to see the entries behind a point. */
  readonly outcome: string;
}

const one = (
  key: string,
  name: string,
  event: AuditEvent,
  outcome: AuditOutcome,
  tone: ChartKind['tone'],
): ChartKind => ({ key, name, event, outcomes: [outcome], outcome, tone });

const CHARTS: readonly ChartKind[] = [
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

/** An hour or a day of the range; all charts share it. */
interface Slot {
  /** Unix milliseconds. */
  readonly start: number;
  /** `2026年11月27日 14時台` */
  readonly label: string;
  /** The slot as fields of the audit's filter. */
  readonly when: Partial<AuditFilter>;
}

/** How often it came up in a slot. */
export interface ChartPoint extends Pick<Slot, 'label'> {
  readonly count: number;
  /** Where the audit shows the entries that were counted, or what else there is. */
  readonly href: string;
  /** What the count is made of, where a chart tells parts; the same ones at each point. */
  readonly parts?: readonly ChartPart[];
}

export interface ChartPart extends Pick<ChartFace, 'name' | 'tone'> {
  readonly count: number;
}

export interface Chart {
  readonly kind: ChartFace;
  /** Oldest first, each hour or day of the range. */
  readonly points: readonly ChartPoint[];
}

/** The charts up to now. @returns undefined where the token service did not answer */
export async function readCharts(
  { staff, clock, logger }: Pick<BankDependencies, 'staff' | 'clock' | 'logger'>,
  institution: Institution,
  by: CountedBy,
): Promise<readonly Chart[] | undefined> {
  const now = clock();
  const slots = slotsOf(by, now);
  const answer = await staff.serviceFor(institution).counts(slots[0]?.start ?? 0, now, by);
  if (answer.kind !== 'ok') {
    const detail = detailOf(answer);
    logger.error({ institution: institution.key, detail }, 'could not count for the staff console');
    return undefined;
  }
  const { counts } = answer.value;
  return CHARTS.map((kind) => {
    const own = counts.filter(
      ({ event, outcome }) => event === kind.event && (kind.outcomes as readonly string[]).includes(outcome),
    );
    const byStart = new Map<number, number>();
    for (const { from, count } of own) {
      const start = Date.parse(from);
      byStart.set(start, (byStart.get(start) ?? 0) + count);
    }
    return { kind, points: slots.map((slot) => pointOf(kind, slot, byStart.get(slot.start) ?? 0)) };
  });
}

/** What is shown, oldest first. */
export function slotsOf(by: CountedBy, now: number): Slot[] {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: SHOWN[by] }, (_, index) => {
    const ago = SHOWN[by] - 1 - index;
    return slotAt(by, by === 'day' ? startOfJapaneseDay(now, -ago) : last - ago * HOUR_MS);
  });
}

/** The hour or day that begins then. */
export const slotAt = (by: CountedBy, start: number): Slot => (by === 'day' ? dayOf(start) : hourOf(start));

function dayOf(start: number): Slot {
  const day = japaneseIsoDay(start);
  return { start, label: japaneseDate(start), when: { from: day, to: day } };
}

function hourOf(start: number): Slot {
  const hour = japaneseHour(start);
  const when = { from: japaneseIsoDay(start), hour: String(hour) };
  return { start, label: `${japaneseDate(start)} ${hour}時台`, when };
}

const pointOf = ({ event, outcome }: ChartKind, { label, when }: Slot, count: number): ChartPoint => ({
  label,
  count,
  href: `/audit${queryOf({ event: `token ${event}`, outcome, ...when })}`,
});
