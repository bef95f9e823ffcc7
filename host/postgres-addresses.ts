/** The servers of a database, one of which is in use. */
export interface PostgresAddresses {
  /** URL of the server in use. Its name is looked up anew for every connection. */
  current(): string;
  /** Reports that a server failed, so that the next one is used. Ignored for a server that is no longer in use. */
  failed(url: string): void;
}

/**
 * Reads the URL of a PostgreSQL database. It may name several servers of a cluster, as libpq's does:
 * `postgres://user:password@one:5432,two:5432/name`.
 * @throws Error with a message for the operator, without the URL, which holds a password
 */
export function postgresAddresses(url: string): PostgresAddresses {
  const urls = hostsOf(url);
  for (const one of urls) {
    if (!URL.canParse(one)) throw new Error(`the database URL must look like ${FORM}`);
  }
  let place = 0;
  const current = () => urls[place % urls.length] ?? url;
  return {
    current,
    failed: (one) => {
      if (one === current()) place += 1;
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
