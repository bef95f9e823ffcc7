import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createService } from '../../server/app.ts';
import { type OpenDatabase, openPostgres } from '../../server/store/database.ts';
import { answered } from './answered.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { createTestService, ORIGIN, type TestService } from './test-service.ts';

/** Two nodes of the service on one PostgreSQL: for what happens at the same moment. */
export interface TwoNodes {
  readonly server: TestPostgres;
  /** The database as each node has it open. */
  readonly here: OpenDatabase;
  readonly there: OpenDatabase;
  /** The first node. */
  readonly service: TestService;
  /** A node by its number; they take turns. */
  node(number: number): TestService['app'];
}

/** A write at the service. */
export interface Write {
  /** Of a bank, or of its staff. */
  readonly key: string;
  readonly body: object;
  /** One of its own where none is given. */
  readonly idempotencyKey?: string | undefined;
}

/** Opens the nodes before the tests of a file, and closes them after. @param take gets them when they are there */
export function useTwoNodes(
  take: (nodes: TwoNodes) => void,
  options?: Parameters<typeof createTestService>[1],
): void {
  let nodes: TwoNodes | undefined;
  beforeAll(async () => {
    nodes = await openTwoNodes(options);
    take(nodes);
  });
  afterAll(async () => {
    await nodes?.here.close();
    await nodes?.there.close();
    await nodes?.server.stop();
  });
}

async function openTwoNodes(options: Parameters<typeof createTestService>[1]): Promise<TwoNodes> {
  const server = await startPostgres();
  const here = await openPostgres(server.url);
  const there = await openPostgres(server.url);
  const service = await createTestService(here, options);
  const second = createService({ ...service.dependencies, db: there.db, wakes: there.wakes });
  return { server, here, there, service, node: (number) => (number % 2 === 0 ? service.app : second) };
}

/** Sends a write to a node. */
export const postTo = async (
  node: TestService['app'],
  path: string,
  { key, body, idempotencyKey = randomUUID() }: Write,
): Promise<Response> =>
  node.request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Idempotency-Key': idempotencyKey,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  });

/** The same; where the node is too busy to answer, again with the same idempotency key. @returns the status */
export async function postUntilAnswered(
  node: TestService['app'],
  path: string,
  write: Write,
): Promise<number> {
  const same = { ...write, idempotencyKey: write.idempotencyKey ?? randomUUID() };
  const response = await answered(`POST ${path}`, () => postTo(node, path, same));
  await response.body?.cancel();
  return response.status;
}

/** A write of one bank at a path. */
export interface Request extends Omit<Write, 'key'> {
  readonly path: string;
}

/**
 * Sends all at the same moment, to the nodes in turn; what a busy node refuses is sent again with the same idempotency key.
 * @returns in the order given
 */
export const atOnce = <Answer>(
  node: TwoNodes['node'],
  key: string,
  requests: readonly Request[],
): Promise<({ readonly status: number } & Answer)[]> =>
  Promise.all(
    requests.map(async ({ path, idempotencyKey = randomUUID(), ...sent }, index) => {
      const send = () => postTo(node(index), path, { key, idempotencyKey, ...sent });
      const response = await answered(`POST ${path}`, send);
      return { status: response.status, ...((await response.json()) as Answer) };
    }),
  );
