import type { CountedBy } from '../../core/api/audit.ts';
import type { RefusedFills } from '../../core/api/refused-fills.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { startOfIsoDay } from '../format.ts';
import { detailOf, type ServiceAnswer } from '../token/client.ts';
import { type AuditFilter, filterErrors, queryOf } from './audit-filter.ts';
import { type Chart, type ChartFace, slotAt, slotsOf } from './charts.ts';
import { REASON_GROUPS, reasonOf } from './refused-reasons.ts';

/** Where the reasons behind a point are. */
export const REFUSED_PATH = '/status/refused-fills';

export const REFUSED_CHART: ChartFace = { key: 'refused-fills', name: '入力を断った画面', tone: 'bad' };

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

type Reading = Pick<BankDependencies, 'staff' | 'clock' | 'logger'>;

/** The counts up to now, by what they lay in. @returns undefined where the token service did not answer */
export async function readRefusedChart(
  dependencies: Reading,
  institution: Institution,
  by: CountedBy,
): Promise<Chart | undefined> {
  const slots = slotsOf(by, dependencies.clock());
  const { staff, clock } = dependencies;
  const answer = await staff.serviceFor(institution).refusedFills(slots[0]?.start ?? 0, clock(), by);
  const counts = countsOf(dependencies, institution, answer);
  if (counts === undefined) return undefined;
  const points = slots.map(({ start, label, when }) => {
    const own = counts.filter(({ from }) => Date.parse(from) === start);
    const parts = REASON_GROUPS.map((group) => ({
      ...group,
      count: sumOf(own.filter(({ reason }) => reasonOf(reason).group === group)),
    }));
    return { label, count: sumOf(own), href: `${REFUSED_PATH}${queryOf(when)}`, parts };
  });
  return { kind: REFUSED_CHART, points };
}

/** What stands behind a point. */
export interface RefusedReasons {
  /** `2026年11月27日 14時台` */
  readonly label: string;
  /** Most frequent first. */
  readonly reasons: readonly { readonly name: string; readonly group: string; readonly count: number }[];
}

/**
 * The reasons of a day, or of an hour of it.
 * @returns `none` where the filter names no such, undefined where the token service did not answer
 */
export async function readRefusedReasons(
  dependencies: Reading,
  institution: Institution,
  filter: AuditFilter,
): Promise<RefusedReasons | 'none' | undefined> {
  const { from, to, hour } = filter;
  const isOne = from !== '' && (hour !== '' || to === from);
  if (!isOne || filterErrors(filter).length > 0) return 'none';
  const by = hour === '' ? 'day' : 'hour';
  const start = startOfIsoDay(from) + Number(hour) * HOUR_MS;
  const end = start + (by === 'day' ? DAY_MS : HOUR_MS);
  const answer = await dependencies.staff.serviceFor(institution).refusedFills(start, end, by);
  const counts = countsOf(dependencies, institution, answer);
  return (
    counts && {
      label: slotAt(by, start).label,
      reasons: counts
        .toSorted((one, other) => other.count - one.count)
        .map(({ reason, count }) => {
          const { name, group } = reasonOf(reason);
          return { name, group: group.name, count };
        }),
    }
  );
}

function countsOf({ logger }: Reading, { key }: Institution, answer: ServiceAnswer<RefusedFills>) {
  if (answer.kind === 'ok') return answer.value.counts;
  logger.error(
    { institution: key, detail: detailOf(answer) },
    'could not count refused fills for the staff console',
  );
  return undefined;
}

const sumOf = (counts: readonly { readonly count: number }[]) =>
  counts.reduce((sum, { count }) => sum + count, 0);
