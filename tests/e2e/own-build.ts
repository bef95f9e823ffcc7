import { inject } from 'vitest';
import type { E2eBuild } from './setup.ts';

/** The build of the worker this runs in. */
export function ownBuild(): E2eBuild {
  const build = inject('builds')[Number(process.env.VITEST_POOL_ID) - 1];
  if (build === undefined) throw new Error('there are more workers than builds');
  return build;
}
