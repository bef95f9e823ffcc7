import type { Directory, Institution } from '../../core/institution/directory.ts';
import type { Site } from '../context.ts';

/**
 * Whose page an address is.
 * site: an institution's · shared: at an origin of several, and says of none whose it is · unknown: at no origin of ours
 */
export type Found =
  | { readonly kind: 'site'; readonly site: Site }
  | { readonly kind: 'shared'; readonly sharers: readonly Site[] }
  | { readonly kind: 'unknown' };

/** Every origin of a directory's institutions, by host. */
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

/** Tells the institutions of a directory apart by host, and those at one host by the first part of the path. */
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

/** What the addresses of an institution's pages begin with, at its first origin: `http://bank.example`, `http://shared.example/9904`. */
export function addressesIn(directory: Directory): (institution: Institution) => string {
  const byHost = sitesByHost(directory);
  return (institution) => {
    const [first = ''] = institution.pageOrigins;
    const site = byHost.get(new URL(first).host)?.find((one) => one.institution === institution);
    return `${first}${site?.base ?? ''}`;
  };
}
