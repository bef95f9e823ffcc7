import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  REFUSED_FILLS,
  type RefusedFillsRequest,
  refusedFillsRequestSchema,
  refusedFillsResponseSchema,
  refusedFillsSchema,
} from '../../core/api/refused-fills.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { countedRange, countsQuery } from '../counted-range.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { takeAll } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { countRefusedFills, readRefusedFills } from '../store/refused-fills.ts';
import { isUnbound } from '../token.ts';

const reportRoute = createRoute({
  method: 'post',
  path: '/v1/token/refused-fills',
  tags: ['token'],
  summary:
    'How often the device that signs the proof did not fill a recognised screen, by hours that are over',
  security: [{ proof: [] }],
  request: { body: jsonBody(refusedFillsRequestSchema) },
  responses: answers(
    200,
    'Counted, now or before',
    refusedFillsResponseSchema,
    [400, 401, 404, 413, 415, 429, 503],
  ),
});

const countsRoute = createRoute({
  method: 'get',
  path: '/v1/staff/refused-fills',
  tags: ['staff'],
  summary: 'How often tokens did not fill a recognised screen, by hours or days of Japan',
  security: [{ staffKey: [] }],
  request: { query: countsQuery },
  responses: answers(200, 'The counts', refusedFillsSchema, [400, 401, 403, 429, 503]),
});

const HOUR_MS = 60 * 60_000;

/** Fills that were refused: tokens report how often, staff read it. */
export function refusedFillsRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits } = dependencies;

  app.openapi(reportRoute, async (c) => {
    const row = namedToken(c);
    const { institution: key } = row;
    if (isUnbound(row)) throw new ProblemError('not_found', 'No contract has the token yet');
    const { device } = c.get('proof');
    if (device === undefined) throw new ProblemError('token_unknown');
    if (institutionOf(dependencies, key).reportsRefusedFills !== true) {
      throw new ProblemError('not_found', 'The institution takes no such reports');
    }
    takeAll([{ limit: limits.refusedFills, key: device.id }], clock());
    const { fills, until } = readReport(c.req.valid('json'), clock());
    const counted = await countRefusedFills(db, { institution: key, deviceId: device.id, fills, until });
    if (counted === undefined) throw new ProblemError('token_unknown');
    return c.json({ countedUntil: counted.toISOString() }, 200);
  });

  app.openapi(countsRoute, async (c) => {
    const { by, ...range } = countedRange(c.req.valid('query'));
    const counts = await readRefusedFills(db, { institution: c.get('institution'), ...range }, by);
    return c.json({ counts: counts.map((one) => ({ ...one, from: one.from.toISOString() })) }, 200);
  });
}

/** @throws ProblemError invalid_request where an hour is not over, or over for too long */
function readReport(report: RefusedFillsRequest, now: number) {
  const fills = report.fills.map((fill) => ({ ...fill, since: new Date(fill.since) }));
  const ends = fills.map(({ since }) => since.getTime() + HOUR_MS);
  const until = Math.max(...ends);
  if (until > now || Math.min(...ends) < now - REFUSED_FILLS.hours * HOUR_MS) {
    throw new ProblemError('invalid_request', 'Hours must be over, and not for too long', ['fills']);
  }
  return { fills, until: new Date(until) };
}
