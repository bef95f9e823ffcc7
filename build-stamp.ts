import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConstants } from './pinned-institutions.ts';

/** The sources of the builds, besides the institutions and the service's key. */
const SOURCES = [
  '{core,platform,components,entrypoints,public}/**/*',
  '{wxt.config,companion.config,first-texts,start-chunk,pinned-institutions,build}.ts',
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

/** Whether the present output was built from these sources, directory and key, and nobody has changed it since. */
export async function isBuilt(places: BuildPlaces): Promise<boolean> {
  const stamp = stampOf(places);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === (await fingerprint(places));
}

/** Removes the stamp until {@link markBuilt} writes it: a build that was interrupted must not count. */
export const markUnbuilt = (places: BuildPlaces): void => rmSync(stampOf(places), { force: true });

export async function markBuilt(places: BuildPlaces): Promise<void> {
  writeFileSync(stampOf(places), await fingerprint(places));
}

/** Fingerprint of the sources and of the output. */
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
