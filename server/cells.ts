import { decodeJwt } from 'jose';
import type { Logger } from 'pino';
import { eventsRequestSchema } from '../core/api/confirmation.ts';
import { OutageError } from '../core/errors.ts';
import { sha256 } from '../host/compare.ts';
import { isAway } from '../host/database.ts';
import type { ServiceDatabase } from '../host/databases.ts';
import { until } from '../host/deadline.ts';
import type { MeasuredDatabase } from '../host/metrics.ts';
import { type Places, places } from '../host/places.ts';
import { type Fetch, notBegunResponse, READINESS, unavailableResponse } from '../host/serve.ts';
import { MAX_BODY_BYTES, SERVING } from './app.ts';
import { bearerKey } from './bearer.ts';
import { serviceOrigins } from './institutions.ts';
import type { OpenCell } from './open-cell.ts';

/*
 * Institutions on databases of their own. A cell is a database with its institutions and an application for them alone. Here it is
 * only found which cell a request is for, by what it is admitted by: a bank's or staff's key, or the URL that a token's proof was
 * signed for. The cell then checks both in full, so that a request which is led astray is refused there.
 */

/** Share of the node's requests that one cell may hold: those of one that does not answer leave room for the others. */
const MOST_SHARE = 0.75;

/** Pause after a database went away while it was being opened. */
const OPEN_AGAIN_MS = 1_000;

/** How long a check of readiness waits for a cell. */
const READY_WITHIN_MS = 1_500;

/** A cell, open or not yet. */
interface Cell {
  readonly database: ServiceDatabase;
  readonly institutions: ReadonlySet<string>;
  readonly origins: readonly string[];
  readonly requests: Places;
  open: OpenCell | undefined;
}

interface Opening {
  /** @param away called where the database is not there, and is waited for */
  readonly open: (database: ServiceDatabase, away: () => void) => Promise<OpenCell>;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
}

/**
 * Opens the databases, each on its own. Resolves when all are open that are there, and at least one; the others follow.
 * @param requests how many requests the node takes at a time
 * @throws Error with a message for the operator, if a database could be reached and cannot be used
 */
export async function openCells(
  databases: readonly ServiceDatabase[],
  requests: number,
  opening: Opening,
): Promise<Fetch> {
  const { logger } = opening;
  const cells = databases.map(
    (database): Cell => ({
      database,
      institutions: new Set(database.directory.institutions.map(({ key }) => key)),
      origins: serviceOrigins(database),
      requests: places(Math.ceil(requests * MOST_SHARE)),
      open: undefined,
    }),
  );
  const begun = cells.map((cell) => {
    const { database } = cell;
    let away = () => {};
    const gone = new Promise<void>((resolve) => {
      away = resolve;
    });
    const opened = openInTheEnd(database, opening, away).then(
      (one) => {
        cell.open = one;
      },
      (error: Error) => {
        if (cells.length > 1) error.message = `database ${database.name}: ${error.message}`;
        throw error;
      },
    );
    return { name: database.name, opened, known: Promise.race([opened, gone]) };
  });
  await Promise.all(begun.map(({ known }) => known));
  await Promise.any(begun.map(({ opened }) => opened)).catch(({ errors }: AggregateError) => {
    throw errors[0];
  });
  for (const { name, opened } of begun) {
    opened.catch((error: Error) => {
      logger.error({ database: name, reason: error.message }, 'cannot use the database');
    });
  }
  return fetchOf(cells);
}

/**
 * What is measured of the databases, also before they are open.
 * @param open those that are, by name
 */
export const measured = (
  databases: readonly ServiceDatabase[],
  open: ReadonlyMap<string, OpenCell>,
): readonly MeasuredDatabase[] =>
  databases.map(({ name }) => {
    const labels = databases.length === 1 ? {} : { database: name };
    const read = async () => {
      const cell = open.get(name);
      if (cell === undefined) throw new OutageError('the database is not open yet');
      await cell.readMetrics(labels);
    };
    return { labels, read };
  });

/** Opens a database, and again where it goes away meanwhile. */
async function openInTheEnd(
  database: ServiceDatabase,
  { open, logger }: Opening,
  away: () => void,
): Promise<OpenCell> {
  for (;;) {
    try {
      return await open(database, away);
    } catch (error) {
      if (!isAway(error)) throw error;
      away();
      const reason = error instanceof Error ? error.message : '';
      logger.warn({ database: database.name, reason }, 'database went away while it was opened; will retry');
      await new Promise((resolve) => setTimeout(resolve, OPEN_AGAIN_MS));
    }
  }
}

/** One cell's own application; before several, what leads to them. */
function fetchOf(cells: readonly Cell[]): Fetch {
  const [only] = cells;
  if (cells.length === 1 && only?.open !== undefined) return only.open.fetch;
  const find = finder(cells);
  return async (request, env) => {
    if (URL.parse(request.url)?.pathname === READINESS) return readiness(cells, env);
    const able = await find(request).catch((error: unknown) => {
      if (error instanceof OutageError) return [];
      throw error;
    });
    return answerByOne(able, request, env);
  };
}

/** What a cell answers that has no place, no time or no database now. */
const REFUSALS: readonly number[] = [502, 503];

/** The answer of the first cell that does not refuse. A request that may change something is given to one alone. */
async function answerByOne(
  [cell, ...others]: readonly Cell[],
  request: Request,
  env: object,
): Promise<Response> {
  if (cell === undefined) return notBegunResponse(SERVING);
  const response = await answer(cell, request, env);
  const isForOthers = others.length > 0 && request.method === 'GET' && REFUSALS.includes(response.status);
  return isForOthers ? answerByOne(others, request, env) : response;
}

async function answer({ open, requests }: Cell, request: Request, env: object): Promise<Response> {
  const giveBack = open && requests.take();
  if (open === undefined || giveBack === undefined) return notBegunResponse(SERVING);
  try {
    return await open.fetch(request, env);
  } finally {
    giveBack();
  }
}

/**
 * Ready while one cell is: if all had to be, one that is down would have every node taken out of service, and with them
 * all other institutions.
 */
async function readiness(cells: readonly Cell[], env: object): Promise<Response> {
  const states = await Promise.all(
    cells.map(
      async (cell) => [cell.database.name, (await isReady(cell, env)) ? 'ready' : 'unavailable'] as const,
    ),
  );
  if (states.every(([, state]) => state !== 'ready')) return unavailableResponse(SERVING);
  return Response.json({ status: 'ready', databases: Object.fromEntries(states) });
}

async function isReady({ open }: Cell, env: object): Promise<boolean> {
  if (open === undefined) return false;
  const limit = until(READY_WITHIN_MS);
  const late = new Promise<undefined>((resolve) => {
    limit.signal.addEventListener('abort', () => resolve(undefined));
  });
  const asked = open.fetch(new Request(`http://localhost${READINESS}`), env);
  const response = await Promise.race([asked, late]);
  limit.end();
  return response?.ok === true;
}

/** Finds the cell of a request; all that are open where the request is none's. @throws OutageError if that cannot be told now */
function finder(cells: readonly Cell[]): (request: Request) => Promise<readonly Cell[]> {
  const byKey = keyFinder(cells);
  const byOrigin = new Map(cells.flatMap((cell) => cell.origins.map((origin) => [origin, cell])));
  return async (request) => {
    const { headers } = request;
    const key = bearerKey(headers.get('Authorization'));
    const found =
      key === undefined
        ? byOrigin.get(originOf(headers.get('DPoP') ?? (await firstProof(request))) ?? '')
        : await byKey(key);
    return found === undefined ? cells.filter(({ open }) => open !== undefined) : [found];
  };
}

/**
 * Finds the cell that has an API key for an institution of its own, and remembers it: such a key never moves to another while
 * the node runs.
 */
function keyFinder(cells: readonly Cell[]): (key: string) => Promise<Cell | undefined> {
  const known = new Map<string, Cell>();
  return async (key) => {
    const hash = sha256(key);
    const name = Buffer.from(hash).toString('base64url');
    const before = known.get(name);
    if (before !== undefined) return before;
    const looks = cells.map(async (cell) => {
      if (cell.open === undefined) throw new OutageError('a database is not open yet');
      const institution = await cell.open.institutionOfKey(hash);
      if (institution === undefined || !cell.institutions.has(institution)) throw new NotHere();
      return cell;
    });
    const found = await Promise.any(looks).catch(({ errors }: AggregateError) => {
      // A cell that is down may have the key.
      const reason = errors.find((error) => !(error instanceof NotHere));
      if (reason !== undefined) throw new OutageError('a database does not say whether it has the key');
      return undefined;
    });
    if (found !== undefined) known.set(name, found);
    return found;
  };
}

class NotHere extends Error {}

/** The origin of the URL that a proof says it is for. */
function originOf(proof: string | undefined): string | undefined {
  if (proof === undefined || proof.length > MAX_BODY_BYTES) return undefined;
  try {
    const { htu } = decodeJwt(proof);
    return typeof htu === 'string' ? URL.parse(htu)?.origin : undefined;
  } catch {
    return undefined;
  }
}

/** Event streams are asked for with the proofs of several tokens in the body, all for one URL. */
async function firstProof(request: Request): Promise<string | undefined> {
  const isShort = Number(request.headers.get('Content-Length') ?? 0) <= MAX_BODY_BYTES;
  if (request.method !== 'POST' || URL.parse(request.url)?.pathname !== '/v1/events' || !isShort) {
    return undefined;
  }
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => undefined);
  const { data } = eventsRequestSchema.safeParse(body);
  return data?.proofs[0];
}
