import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian keeps each version of PostgreSQL. */
const VERSIONS = '/usr/lib/postgresql';

/** The folder of the system's newest PostgreSQL, server and tools, or how to get one. `npm test` installs it where it may. */
export function postgresTools(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number) : [];
  const found = versions
    .toSorted((a, b) => b - a)
    .map((version) => join(VERSIONS, String(version), 'bin'))
    .find((bin) =>
      ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore'].every((tool) => existsSync(join(bin, tool))),
    );
  if (found === undefined) throw new Error('PostgreSQL is needed: apt-get install postgresql');
  return found;
}
