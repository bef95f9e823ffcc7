import type { HostAccess } from '../core/autofill/bank-page.ts';
import { pagePatterns } from './content-scripts.ts';
import { native } from './native.ts';

/** The hosts that the manifest names, as match patterns. */
const manifestHosts = (): string[] => {
  // The type knows only manifests of version 2.
  const { host_permissions } = native.runtime.getManifest() as { host_permissions?: string[] };
  return host_permissions ?? [];
};

const areAllowed = (origins: string[]) => native.permissions.contains({ origins });

/** Whether each of some hosts may be reached. */
export async function missingHosts(): Promise<string[]> {
  const hosts = manifestHosts();
  if (await areAllowed(hosts)) return [];
  const allowed = await Promise.all(hosts.map((host) => areAllowed([host])));
  return hosts.filter((_host, at) => !allowed[at]);
}

/** Which of some hosts are a token service's. */
export function serviceHosts(hosts: readonly string[]): string[] {
  const pages = pagePatterns();
  return hosts.filter((host) => !pages.includes(host));
}

/** What the customer allowed at the installation, and browsers let them take away. */
export const hostAccess: HostAccess = {
  lacksService: async () => serviceHosts(await missingHosts()).length > 0,
  // Called in the turn of a click: the browser takes no other for the customer's wish.
  request: () => native.permissions.request({ origins: manifestHosts() }),
  watch(changed, signal) {
    for (const event of [native.permissions.onAdded, native.permissions.onRemoved]) {
      event.addListener(changed);
      signal.addEventListener('abort', () => event.removeListener(changed));
    }
  },
};
