import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  ACTOR_MOST,
  AUDIT_PAGE,
  AUDITED_TOKENS_MOST,
  type AuditPage,
  auditCursorSchema,
  auditEventSchema,
  auditMomentSchema,
  auditOutcomeSchema,
  auditPageSchema,
  countsSchema,
} from '../../core/api/audit.ts';
import { userIdSchema } from '../../core/api/bank.ts';
import { auditPageOf } from '../audit-page.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { countedRange, countsQuery } from '../counted-range.ts';
import { namedToken } from '../institutions.ts';
import { answers } from '../openapi.ts';
import { type AuditWanted, auditEntries } from '../store/audit-entries.ts';
import { countEntries } from '../store/counts.ts';

const security = [{ staffKey: [] }];
const REFUSALS = [400, 401, 403, 429, 503];

const page = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number)
    .pipe(z.number().max(AUDIT_PAGE.most))
    .optional(),
  cursor: auditCursorSchema.optional(),
};

/** One outcome, or several separated by commas. */
const outcomesSchema = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(auditOutcomeSchema));

/** One ユーザID, or several with commas between. */
const userIdsSchema = z
  .string()
  .max(1_000)
  .transform((text) => text.split(','))
  .pipe(z.array(userIdSchema).max(AUDITED_TOKENS_MOST));

/** The description would have the flag within the pattern. */
const WITHOUT_CONTROLS = /^\P{C}*$/u;

const range = { from: auditMomentSchema.optional(), to: auditMomentSchema.optional() };

const tokenRoute = createRoute({
  method: 'get',
  path: '/v1/staff/tokens/{userId}/audit',
  tags: ['staff'],
  summary: 'What was written down of a token, newest first',
  security,
  request: { params: z.object({ userId: userIdSchema }), query: z.object(page) },
  responses: answers(200, 'A page of entries', auditPageSchema, [...REFUSALS, 404]),
});

const institutionRoute = createRoute({
  method: 'get',
  path: '/v1/staff/audit',
  tags: ['staff'],
  summary: 'What was written down of the institution’s tokens, newest first',
  security,
  request: {
    query: z.object({
      ...page,
      ...range,
      userId: userIdsSchema.optional(),
      event: auditEventSchema.optional(),
      outcome: outcomesSchema.optional(),
      actor: z
        .string()
        .min(1)
        .max(ACTOR_MOST)
        .regex(WITHOUT_CONTROLS)
        .meta({ pattern: WITHOUT_CONTROLS.source })
        .optional(),
    }),
  },
  responses: answers(200, 'A page of entries', auditPageSchema, REFUSALS),
});

const countsRoute = createRoute({
  method: 'get',
  path: '/v1/staff/counts',
  tags: ['staff'],
  summary: 'How often what came up, by hours or days of Japan',
  security,
  request: { query: countsQuery },
  responses: answers(200, 'The counts', countsSchema, REFUSALS),
});

/** The API by which an institution's staff read its tokens' audit. */
export function auditRoutes(app: OpenAPIHono<ServiceEnv>, { db }: RouteDependencies): void {
  const pageOf = async (wanted: AuditWanted, limit: number = AUDIT_PAGE.usual): Promise<AuditPage> =>
    auditPageOf(await auditEntries(db, wanted, limit + 1), limit);

  app.openapi(tokenRoute, async (c) => {
    const { user_id: userId, institution } = namedToken(c);
    const { cursor, limit } = c.req.valid('query');
    return c.json(await pageOf({ institution, userIds: [userId], after: placeOf(cursor) }, limit), 200);
  });

  app.openapi(institutionRoute, async (c) => {
    const { cursor, limit, from, to, userId: userIds, outcome: outcomes, ...having } = c.req.valid('query');
    const institution = c.get('institution');
    const wanted = {
      institution,
      ...having,
      userIds,
      outcomes,
      from: dateOf(from),
      to: dateOf(to),
      after: placeOf(cursor),
    };
    return c.json(await pageOf(wanted, limit), 200);
  });

  app.openapi(countsRoute, async (c) => {
    const { by, ...range } = countedRange(c.req.valid('query'));
    const counts = await countEntries(db, { institution: c.get('institution'), ...range }, by);
    return c.json({ counts: counts.map((one) => ({ ...one, from: one.from.toISOString() })) }, 200);
  });
}

const dateOf = (moment: string | undefined) => (moment === undefined ? undefined : new Date(moment));

function placeOf(cursor: string | undefined): AuditWanted['after'] {
  if (cursor === undefined) return undefined;
  const [ms = '', id = ''] = cursor.split('-');
  return { at: new Date(Number(ms)), id };
}
