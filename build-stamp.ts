import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConstants } from './pinned-institutions.ts';

/** What the builds are made of, beside the institutions and the service's key. */
const SOURCES = [
  '{core,platform,components,entrypoints,public}/**/*',
  '{wxt.config,companion.config,pinned-institutions,build}.ts',
  '{package-lock,tsconfig.base}.json',
];

/** The three builds. */
const BUILDS = ['chrome-mv3', 'firefox-mv3', 'web'];

export interface BuildPlaces {
  /** The folder of the sources. */
  readonly root: string;
  /** The folder that builds go to. */
  readonly output: string;
}

export const buildPlaces = (): BuildPlaces => ({
  root: import.meta.dirname,
  output: process.env.WARIFU_OUTPUT ?? '.output',
});

const stampOf = ({ output }: BuildPlaces) => join(output, 'stamp');

/** Whether what is built is of these sources, for this directory and this key, and as it was built. */
export async function isBuilt(places: BuildPlaces): Promise<boolean> {
  const stamp = stampOf(places);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === (await fingerprint(places));
}

/** Says that nothing is built until {@link markBuilt}: a build that is broken off must not count. */
export const markUnbuilt = (places: BuildPlaces): void => rmSync(stampOf(places), { force: true });

export async function markBuilt(places: BuildPlaces): Promise<void> {
  writeFileSync(stampOf(places), await fingerprint(places));
}

/** Of all that goes into the builds, and of what came out. */
async function fingerprint({ root, output }: BuildPlaces): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(await buildConstants()));
  const builds = BUILDS.map((build) => `${build}/**/*`);
  for (const [folder, patterns] of [
    [root, SOURCES],
    [output, builds],
  ] as const) {
    for (const file of globSync(patterns, { cwd: folder }).sort()) {
      const path = join(folder, file);
      if (statSync(path).isFile()) hash.update(`\0${file}\0`).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}
