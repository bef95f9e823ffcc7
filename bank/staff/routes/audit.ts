import type { Hono } from 'hono';
import { REASON_MOST } from '../../../core/api/staff.ts';
import type { BankDependencies } from '../../context.ts';
import { japaneseDayNumber } from '../../format.ts';
import type { FieldError } from '../../web/form.ts';
import { formToken, type PageStatus } from '../../web/render.ts';
import { auditCsv, EXPORT_MOST } from '../audit-csv.ts';
import { type AuditFilter, filterErrors, readFilter, readingOf } from '../audit-filter.ts';
import { type LinePage, readLines, readPlace } from '../audit-lines.ts';
import { EVENT_CHOICES, OUTCOME_CHOICES } from '../audit-words.ts';
import { readCharts } from '../charts.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { recordOwnAct } from '../own-acts.ts';
import { auditContent } from '../pages/audit.ts';
import { refusedFillsContent } from '../pages/refused-fills.ts';
import { statusContent } from '../pages/status.ts';
import { REFUSED_CHART, REFUSED_PATH, readRefusedChart, readRefusedReasons } from '../refused-fills.ts';
import { show, showError } from '../render.ts';
import { AUDIT_ONLY, mayAudit } from '../roles.ts';

const PAGE = 50;
const NOTHING: LinePage = { lines: [], next: undefined, isPartial: false };

/** 監査: what was written down at the institution, and its export; 状況: how often what came up. */
export function auditRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  for (const path of ['/audit', '/audit/export', '/status', REFUSED_PATH]) {
    app.use(path, async (c, next) => {
      if (mayAudit(signedIn(c).clerk)) return next();
      return showError(c, dependencies, 403, AUDIT_ONLY);
    });
  }
  app.get('/audit', (c) => showAudit(c, dependencies));
  app.get('/audit/export', (c) => c.redirect('/audit', 303));
  app.post('/audit/export', (c) => exportAudit(c, dependencies));
  app.get('/status', async (c) => {
    const by = c.req.query('by') === 'day' ? 'day' : 'hour';
    const { institution } = signedIn(c);
    const reports = institution.reportsRefusedFills === true;
    const [counted, refused] = await Promise.all([
      readCharts(dependencies, institution, by),
      reports ? readRefusedChart(dependencies, institution, by) : undefined,
    ]);
    const isWhole = counted !== undefined && (refused !== undefined || !reports);
    const charts = isWhole ? [...counted, ...(refused ? [refused] : [])] : undefined;
    const content = statusContent(by, charts, reports);
    return show(c, dependencies, { heading: '状況', content, scripts: ['chart.js'] }, charts ? 200 : 503);
  });
  app.get(REFUSED_PATH, async (c) => {
    const filter = readFilter((name) => c.req.query(name));
    const found = await readRefusedReasons(dependencies, signedIn(c).institution, filter);
    if (found === 'none') return showError(c, dependencies, 404);
    const content = refusedFillsContent(found);
    return show(c, dependencies, { heading: REFUSED_CHART.name, content }, found ? 200 : 503);
  });
}

async function showAudit(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const filter = readFilter((name) => c.req.query(name));
  const errors = filterErrors(filter);
  if (errors.length > 0) return showFilter(c, dependencies, { filter, errors });
  const asked = c.req.query('after');
  const place = asked === undefined ? undefined : readPlace(asked);
  if (asked !== undefined && place === undefined) return showError(c, dependencies, 404);
  const by = signedIn(c);
  const reading = await readingOf(dependencies.db, by.institution.key, filter);
  const page = reading ? await readLines(dependencies, by, reading, place, PAGE) : NOTHING;
  return showFilter(c, dependencies, { filter, errors, page, isFirst: place === undefined });
}

function showFilter(
  c: StaffContext,
  dependencies: BankDependencies,
  shown: {
    readonly filter: AuditFilter;
    readonly errors: readonly FieldError[];
    readonly page?: LinePage;
    readonly isFirst?: boolean;
  },
) {
  const content = auditContent({
    institution: signedIn(c).institution,
    page: undefined,
    isFirst: true,
    ...shown,
    formToken: formToken(dependencies, c.get('visitor').id),
    exportMost: EXPORT_MOST,
  });
  const status: PageStatus = shown.errors.length > 0 ? 422 : 200;
  return show(c, dependencies, { heading: '監査', content }, status);
}

/** Records the export before anything is sent, so that it is known also where the answer is lost. */
async function exportAudit(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { db, clock, logger } = dependencies;
  const filter = readFilter((name) => c.get('form').get(name));
  const errors = filterErrors(filter);
  if (errors.length > 0) return showFilter(c, dependencies, { filter, errors });
  const by = signedIn(c);
  const { key: institution } = by.institution;
  const reading = (await readingOf(db, institution, filter)) ?? { token: undefined, staff: undefined };
  await recordOwnAct(dependencies, db, by, 'export', wordsOfFilter(filter));
  logger.info({ institution, staff: by.clerk.staff_id, event: 'staff export' }, 'staff exported the audit');
  const name = `audit-${institution}-${japaneseDayNumber(clock())}.csv`;
  return c.body(auditCsv(dependencies, by, reading), 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  });
}

/** What was exported, for the audit. */
function wordsOfFilter({ event, outcome, actor, id, from, to, hour }: AuditFilter): string {
  const label = (choices: readonly { value: string; label: string }[], chosen: string) =>
    choices.find(({ value }) => value === chosen)?.label ?? '';
  const said = [
    event && `内容：${label(EVENT_CHOICES, event)}`,
    outcome && `結果：${label(OUTCOME_CHOICES, outcome)}`,
    actor && `職員ID：${actor}`,
    id && `ID：${id}`,
    (from || to) && `期間：${from}〜${to}`,
    hour && `${hour}時台`,
  ].filter(Boolean);
  return (said.join('、') || '条件なし').slice(0, REASON_MOST);
}
