import type { PGlite, PGliteOptions } from '@electric-sql/pglite';

/** PostgreSQL's default, 128 MB, is written full of zeros at each start, which takes longer than all the rest of it. */
const SHARED_BUFFERS = '16MB';

/**
 * Starts the built-in PostgreSQL: in memory, unless there is a `dataDir`. It is imported only when it is used, because it takes more memory
 * than the rest of a node.
 */
export async function startPglite(options: PGliteOptions = {}): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const startParams = [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`];
  return new PGlite({ ...options, startParams });
}
