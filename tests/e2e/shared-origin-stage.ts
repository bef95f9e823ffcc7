import { afterAll } from 'vitest';
import { type BuiltExtension, buildExtension } from './fixtures/extension.ts';
import { type Stage, useStage } from './stage.ts';
import { institutionsWith, type SystemOptions } from './system.ts';
import type { BrowserKind } from './test-browser.ts';

/** Sets a stage for the tests around it, whose extension knows that some institutions share an origin. */
export function useSharedOriginStage(kind: BrowserKind, options: SystemOptions): () => Stage {
  let extension: BuiltExtension | undefined;
  // What is set up last is undone first: the browser has ended by then.
  afterAll(() => extension?.remove());
  return useStage(kind, {
    ...options,
    network: true,
    extension: (build) => {
      extension = buildExtension(build, kind, institutionsWith(options, build.port));
      return extension.output;
    },
  });
}
