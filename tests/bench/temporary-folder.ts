import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './measure.ts';

/** A folder that is gone when the group ends. */
export function temporaryFolder(bench: Bench): string {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-bench-'));
  bench.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
