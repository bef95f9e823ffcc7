import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { startPostgres } from '../../service/postgres.ts';
import { createTestService } from '../../service/test-service.ts';

const databases = {
  PGlite: async () => ({ ...(await openServiceMemory()), stop: async () => {} }),
  PostgreSQL: async () => {
    const server = await startPostgres();
    return { ...(await openPostgres(server.url)), stop: server.stop };
  },
};

export const KINDS = ['PGlite', 'PostgreSQL'] as const;
export type Nodes = Awaited<ReturnType<typeof openNodes>>;

/** Two services over one database, as two nodes with other directories would be: one a mode. */
async function openNodes(kind: (typeof KINDS)[number]) {
  const database = await databases[kind]();
  return {
    database,
    approve: await createTestService(database),
    code: await createTestService(database, { confirmation: 'code' }),
    /** What the bank is to be told of a confirmation. */
    async events(id: string) {
      const { rows } = await sql<{ id: string }>`select id from events where confirmation_id = ${id}`.execute(
        database.db,
      );
      return rows.map((row) => row.id.split('.')[1]);
    },
    async audited(id: string) {
      const { rows } = await sql<{ event: string; outcome: string }>`
        select event, outcome from audit where confirmation_id = ${id} order by id`.execute(database.db);
      return rows.map(({ event, outcome }) => `${event} ${outcome}`);
    },
    async close() {
      await database.close();
      await database.stop();
    },
  };
}

/** Opens the nodes before the tests of a block, and closes them after. @param take gets them when they are there */
export function useNodes(kind: (typeof KINDS)[number], take: (nodes: Nodes) => void): void {
  let nodes: Nodes | undefined;
  beforeAll(async () => {
    nodes = await openNodes(kind);
    take(nodes);
  }, 60_000);
  afterAll(() => nodes?.close());
}
