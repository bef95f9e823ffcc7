import { inject } from 'vitest';
import type { E2eBuild } from './setup.ts';

/** The build of this worker: its ports are nobody else's. */
export function ownBuild(): E2eBuild {
  const build = inject('builds')[Number(process.env.VITEST_POOL_ID) - 1];
  if (build === undefined) throw new Error(`worker ${process.env.VITEST_POOL_ID} has no build`);
  return build;
}
