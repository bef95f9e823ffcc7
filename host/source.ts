import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';

/** Proxies whose word on where a request came from is believed. */
export type TrustedProxies = BlockList;

/**
 * Reads `WARIFU_TRUSTED_PROXIES`: addresses and networks (`10.0.0.0/8`), apart by commas.
 * @throws Error with a message for the operator
 */
export function readTrustedProxies(text: string | undefined): TrustedProxies {
  const proxies = new BlockList();
  for (const entry of (text ?? '').split(',').map((one) => one.trim())) {
    const [address = '', prefix] = entry.split('/');
    if (entry === '') continue;
    const most = isIPv6(address) ? 128 : 32;
    const bits = Number(prefix ?? most);
    if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) {
      throw new Error('WARIFU_TRUSTED_PROXIES must be addresses or networks, apart by commas');
    }
    proxies.addSubnet(address, bits, familyOf(address));
  }
  return proxies;
}

/**
 * Where a request comes from: the address nearest to us that is no proxy of ours. Of IPv6 it is the network of one customer
 * (/64), who has all its addresses.
 * @param remote address at the other end of the connection
 * @param forwarded the request's `X-Forwarded-For`, which anybody can write who is no proxy of ours
 */
export function sourceOf(remote: string, forwarded: string | undefined, proxies: TrustedProxies): string {
  const hops = [...(forwarded ?? '').split(',').map((one) => one.trim()), plain(remote)];
  let source = plain(remote);
  for (let hop = hops.pop(); hop !== undefined && isIP(plain(hop)) !== 0; hop = hops.pop()) {
    source = plain(hop);
    if (!proxies.check(source, familyOf(source))) break;
  }
  return isIPv6(source) ? networkOf(source) : source;
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** An IPv4 address as it is, where it was mapped into IPv6. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The first four groups of an IPv6 address. */
function networkOf(address: string): string {
  const { address: canonical } = new SocketAddress({ address, family: 'ipv6' });
  const [head = '', tail = ''] = canonical.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = canonical.includes('::')
    ? [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)]
    : groups(canonical);
  return `${all.slice(0, 4).join(':')}::/64`;
}
