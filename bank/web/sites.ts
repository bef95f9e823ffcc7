import type { Directory } from '../../core/institution/directory.ts';
import type { Site } from '../context.ts';

/**
 * Whose page an address is.
 * site: an institution's · shared: at an origin of several, and says of none whose it is · unknown: at no origin of ours
 */
export type Found =
  | { readonly kind: 'site'; readonly site: Site }
  | { readonly kind: 'shared'; readonly sharers: readonly Site[] }
  | { readonly kind: 'unknown' };

/** Tells the institutions of a directory apart by host, and those at one host by the first part of the path. */
export function createSites({ institutions }: Directory): (url: string) => Found {
  const origins = institutions.flatMap((institution) =>
    institution.pageOrigins.map((origin) => ({ institution, origin, base: '' })),
  );
  const byHost = new Map<string, readonly Site[]>(
    [...Map.groupBy(origins, ({ origin }) => new URL(origin).host)].map(([host, there]) => [
      host,
      there.length === 1 ? there : there.map((site) => ({ ...site, base: `/${site.institution.bankCode}` })),
    ]),
  );
  return (url) => {
    const { host, pathname } = new URL(url);
    const there = byHost.get(host);
    if (there === undefined) return { kind: 'unknown' };
    const site = there.find(({ base }) => pathname === base || pathname.startsWith(`${base}/`));
    return site === undefined ? { kind: 'shared', sharers: there } : { kind: 'site', site };
  };
}
