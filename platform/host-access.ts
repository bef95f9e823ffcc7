import type { HostAccess } from '../core/autofill/bank-page.ts';
import { pagePatterns } from './content-scripts.ts';
import { native } from './native.ts';

/** The manifest's hosts, as match patterns. */
const manifestHosts = (): string[] => {
  // The type describes only manifests of version 2.
  const { host_permissions } = native.runtime.getManifest() as { host_permissions?: string[] };
  return host_permissions ?? [];
};

const areAllowed = (origins: string[]) => native.permissions.contains({ origins });

/** Whether all of some hosts may be reached. */
export async function missingHosts(): Promise<string[]> {
  const hosts = manifestHosts();
  if (await areAllowed(hosts)) return [];
  const allowed = await Promise.all(hosts.map((host) => areAllowed([host])));
  return hosts.filter((_host, at) => !allowed[at]);
}

/** Those of some hosts that belong to a token service. */
export function serviceHosts(hosts: readonly string[]): string[] {
  const pages = pagePatterns();
  return hosts.filter((host) => !pages.includes(host));
}

/** Permissions that the customer granted at the installation and can take away in the browser. */
export const hostAccess: HostAccess = {
  lacksService: async () => serviceHosts(await missingHosts()).length > 0,
  // Called in the handler of a click, as the browser ignores other requests.
  request: () => native.permissions.request({ origins: manifestHosts() }),
  watch(changed, signal) {
    for (const event of [native.permissions.onAdded, native.permissions.onRemoved]) {
      event.addListener(changed);
      signal.addEventListener('abort', () => event.removeListener(changed));
    }
  },
};
