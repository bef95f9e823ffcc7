import { writeFileSync } from 'node:fs';
import type { Institution } from '../../core/institution/directory.ts';
import { loadDirectory } from '../../host/directory.ts';

/** akagi, and senpoku with an origin of its own, so that it can be kept in a database of its own. */
export function twoInstitutions(port: number): {
  readonly akagi: Institution;
  readonly senpoku: Institution;
} {
  const { institutions } = loadDirectory(undefined, port);
  const of = (key: string) => {
    const found = institutions.find((one) => one.key === key);
    if (found === undefined) throw new Error(`no ${key}`);
    return found;
  };
  return {
    akagi: of('akagi'),
    senpoku: { ...of('senpoku'), serviceOrigin: `http://north.localhost:${port}` },
  };
}

/** Writes their directory, with senpoku in the database `north` where that is asked for. */
export function writeDirectory(file: string, port: number, isApart: boolean): void {
  const { akagi, senpoku } = twoInstitutions(port);
  const databases = isApart && { databases: { north: ['senpoku'] } };
  writeFileSync(file, JSON.stringify({ institutions: [akagi, senpoku], ...databases }));
}
