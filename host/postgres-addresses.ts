/** The servers of a database, one of which is in use. */
export interface PostgresAddresses {
  /** URLs of all of them. */
  readonly all: readonly string[];
  /** URL of the server to connect to. Its name is looked up anew for every connection. */
  current(): string;
  /** URL of the server that was last found to be the primary. */
  primary(): string | undefined;
  /** Reports that a server is the primary, so that it is used. */
  isPrimary(url: string): void;
  /** Reports that a server failed, so that the next one is tried. Ignored for a server that is no longer in use. */
  failed(url: string): void;
}

/**
 * Reads the URL of a PostgreSQL database. It may name several servers of a cluster, as libpq's does:
 * `postgres://user:password@one:5432,two:5432/name`.
 * @throws Error with a message for the operator, without the URL, which holds a password
 */
export function postgresAddresses(url: string): PostgresAddresses {
  const all = hostsOf(url);
  for (const one of all) {
    if (!URL.canParse(one)) throw new Error(`the database URL must look like ${FORM}`);
  }
  let place = 0;
  let primary: string | undefined;
  const current = () => all[place] ?? url;
  return {
    all,
    current,
    primary: () => primary,
    isPrimary: (one) => {
      primary = one;
      place = all.indexOf(one);
    },
    failed: (one) => {
      if (one === current()) place = (place + 1) % all.length;
    },
  };
}

const FORM = 'postgres://user:password@host:5432/name';

/** The URL once for each of its hosts. */
export function hostsOf(url: string): string[] {
  const [, start, hosts, rest] = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/.exec(url) ?? [];
  if (start === undefined || hosts === undefined) throw new Error(`the database URL must look like ${FORM}`);
  return hosts.split(',').map((host) => `${start}${host}${rest ?? ''}`);
}
