/** Push services to which the service sends, and to no other address. */
export interface PushServices {
  /** Host names; `*.` stands for one or more labels. */
  readonly hosts: readonly string[];
  /** Port of the loopback where tests have a push service of their own. */
  readonly unsafeTestPort?: number | undefined;
}

/** The names of the push services, as events have them for their target. */
export const serviceNames = ({ hosts, unsafeTestPort }: PushServices): string[] => [
  ...hosts,
  ...(unsafeTestPort === undefined ? [] : [testHost(unsafeTestPort)]),
];

/**
 * The push service to which an endpoint belongs. An endpoint comes from a device, so it is taken only as a URL in its normal
 * form, https, of a listed host, with neither port, user nor fragment.
 * @returns the name of {@link serviceNames}; undefined if nothing is sent there
 */
export function serviceOf(endpoint: string, { hosts, unsafeTestPort }: PushServices): string | undefined {
  const url = URL.parse(endpoint);
  if (url?.href !== endpoint || url.username !== '' || url.password !== '' || url.hash !== '') {
    return undefined;
  }
  const test = unsafeTestPort === undefined ? undefined : testHost(unsafeTestPort);
  if (url.protocol === 'http:' && url.host === test) return test;
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  const { hostname } = url;
  if (hostname.startsWith('.')) return undefined;
  return hosts.find((host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host));
}

const testHost = (port: number) => `127.0.0.1:${port}`;
