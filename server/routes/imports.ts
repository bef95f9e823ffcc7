import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { serialSchema } from '../../core/api/bank.ts';
import {
  existingSerialsSchema,
  IMPORT,
  type Import,
  type ImportRow,
  importDigestSchema,
  importRequestSchema,
  importRowsSchema,
  importSchema,
} from '../../core/api/imports.ts';
import { seal } from '../../core/vault/seal.ts';
import { randomId } from '../../host/random.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import {
  beginImport,
  existingSerials,
  findImport,
  type ImportOfFile,
  type SealedRow,
  takeRows,
} from '../store/imports.ts';

const security = [{ staffKey: [] }];
const params = z.object({ digest: importDigestSchema });
const number = (most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().max(most));
const existingQuery = z.object({
  after: number(2 ** 31 - 1).optional(),
  afterSerial: serialSchema.optional(),
});
const REFUSALS = [400, 401, 403, 413, 415, 429, 503];

const beginRoute = createRoute({
  method: 'put',
  path: '/v1/staff/imports/{digest}',
  tags: ['staff'],
  summary: 'Begins to import a file of hardware tokens, or goes on with it',
  security,
  request: { params, body: jsonBody(importRequestSchema) },
  responses: answers(200, 'How far it is', importSchema, [...REFUSALS, 409]),
});

const showRoute = createRoute({
  method: 'get',
  path: '/v1/staff/imports/{digest}',
  tags: ['staff'],
  summary: 'How far the import of a file is',
  security,
  request: { params },
  responses: answers(200, 'How far it is', importSchema, [400, 401, 403, 404, 429, 503]),
});

const rowsRoute = createRoute({
  method: 'put',
  path: '/v1/staff/imports/{digest}/rows/{from}',
  tags: ['staff'],
  summary: 'Tokens of the file, where as many were taken before them as is said',
  security,
  request: {
    params: params.extend({ from: number(IMPORT.tokens) }),
    body: jsonBody(importRowsSchema),
  },
  responses: answers(200, 'How far it is', importSchema, [...REFUSALS, 404]),
});

const existingRoute = createRoute({
  method: 'get',
  path: '/v1/staff/imports/{digest}/existing',
  tags: ['staff'],
  summary: 'Tokens of the file whose serials were there before, by line and serial',
  security,
  request: { params, query: existingQuery },
  responses: answers(200, 'A page of them', existingSerialsSchema, [400, 401, 403, 404, 429, 503]),
});

/** The API by which an institution's staff import hardware tokens. */
export function importRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock } = dependencies;

  app.openapi(beginRoute, async (c) => {
    const { digest } = c.req.valid('param');
    const asked = c.req.valid('json');
    const write = { institution: c.get('institution'), requestId: c.get('requestId'), at: new Date(clock()) };
    const begun = await beginImport(db, write, digest, asked);
    if (begun.tokens !== asked.tokens) {
      throw new ProblemError('state_conflict', 'The file was begun with another number of tokens');
    }
    return c.json(importOf(begun), 200);
  });

  app.openapi(showRoute, async (c) =>
    c.json(importOf(await named(db, c.get('institution'), c.req.valid('param').digest)), 200),
  );

  app.openapi(rowsRoute, async (c) => {
    const { digest, from } = c.req.valid('param');
    const institution = c.get('institution');
    const write = { institution, requestId: c.get('requestId'), at: new Date(clock()) };
    const before = await named(db, institution, digest);
    const sent = c.req.valid('json').rows;
    if (from + sent.length > before.tokens) {
      throw new ProblemError('invalid_request', 'The import was begun with fewer tokens', ['rows']);
    }
    if (before.taken !== from) return c.json(importOf(before), 200);
    const rows = await Promise.all(sent.map((row) => sealed(dependencies, row)));
    const moved = await takeRows(db, { write, digest, from, rows });
    return c.json(importOf(moved ?? (await named(db, institution, digest))), 200);
  });

  app.openapi(existingRoute, async (c) => {
    const of = await named(db, c.get('institution'), c.req.valid('param').digest);
    return c.json(await existingSerials(db, of, c.req.valid('query')), 200);
  });
}

/** @throws ProblemError not_found */
async function named(
  db: RouteDependencies['db'],
  institution: string,
  digest: string,
): Promise<ImportOfFile> {
  const found = await findImport(db, institution, digest);
  if (found === undefined) throw new ProblemError('not_found', 'No such import');
  return found;
}

async function sealed(
  { masterKey, randomBytes }: Pick<RouteDependencies, 'masterKey' | 'randomBytes'>,
  row: ImportRow,
): Promise<SealedRow> {
  const id = randomId(randomBytes);
  const key = new Uint8Array(Buffer.from(row.key, 'base64url'));
  return { id, row, secret: await seal(masterKey.sealing, key, id, randomBytes) };
}

const importOf = ({ ended_at: endedAt, ...row }: ImportOfFile): Import => ({
  digest: row.digest,
  fileName: row.file_name,
  actor: row.actor,
  tokens: row.tokens,
  taken: row.taken,
  added: row.added,
  startedAt: row.started_at.toISOString(),
  ...(endedAt && { endedAt: endedAt.toISOString() }),
});
