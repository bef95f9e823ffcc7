import type { Directory, Institution } from '../../core/institution/directory.ts';
import type { Site } from '../context.ts';

/**
 * What an address belongs to.
 * site: an institution · shared: an origin of several institutions, with a path that names none · unknown: no origin of ours
 */
export type Found =
  | { readonly kind: 'site'; readonly site: Site }
  | { readonly kind: 'shared'; readonly sharers: readonly Site[] }
  | { readonly kind: 'unknown' };

/** The sites of a directory, by host. */
function sitesByHost({ institutions }: Directory): ReadonlyMap<string, readonly Site[]> {
  const sites = institutions.flatMap((institution) =>
    institution.pageOrigins.map((origin) => ({ institution, origin, base: '' })),
  );
  return new Map(
    [...Map.groupBy(sites, ({ origin }) => new URL(origin).host)].map(([host, there]) => [
      host,
      there.length === 1 ? there : there.map((site) => ({ ...site, base: `/${site.institution.bankCode}` })),
    ]),
  );
}

/** Finds the site of an address, by its host and, where institutions share a host, by the first part of the path. */
export function createSites(directory: Directory): (url: string) => Found {
  const byHost = sitesByHost(directory);
  return (url) => {
    const { host, pathname } = new URL(url);
    const there = byHost.get(host);
    if (there === undefined) return { kind: 'unknown' };
    const site = there.find(({ base }) => pathname === base || pathname.startsWith(`${base}/`));
    return site === undefined ? { kind: 'shared', sharers: there } : { kind: 'site', site };
  };
}

/** Prefix of an institution's addresses, at its first origin: `http://bank.example`, `http://shared.example/9904`. */
export function addressesIn(directory: Directory): (institution: Institution) => string {
  const byHost = sitesByHost(directory);
  return (institution) => {
    const [first = ''] = institution.pageOrigins;
    const site = byHost.get(new URL(first).host)?.find((one) => one.institution === institution);
    return `${first}${site?.base ?? ''}`;
  };
}
