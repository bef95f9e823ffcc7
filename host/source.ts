import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Context } from 'hono';

/** Addresses whose `X-Forwarded-For` is believed. */
export type TrustedProxies = Pick<BlockList, 'check'>;

const NOBODY = new BlockList();

/**
 * @param list addresses and networks, separated by commas: `127.0.0.1, 10.0.0.0/8, fd00::/8`
 * @throws Error if one of them is neither
 */
export function trustedProxies(list: string): TrustedProxies {
  const trusted = new BlockList();
  for (const entry of list.split(',').map((text) => text.trim())) {
    if (entry === '') continue;
    const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const mostBits = family === 'ipv4' ? 32 : 128;
    const bits = Number(prefix ?? mostBits);
    if (isIP(address) === 0 || bits > mostBits)
      throw new Error(`WARIFU_TRUSTED_PROXIES: ${entry} is not an address or network`);
    trusted.addSubnet(address, bits, family);
  }
  return trusted;
}

/**
 * The source of a request: the other end of the socket or, behind trusted proxies, the last address in `X-Forwarded-For` that
 * is not one of theirs. An IPv6 address stands for its /56, which is what one household gets.
 * @returns undefined if there is no socket, as in a test
 */
export function sourceOf(c: Context, trusted: TrustedProxies = NOBODY): string | undefined {
  const peer = plain(peerAddress(c.env));
  if (peer === undefined) return undefined;
  const told = (c.req.header('X-Forwarded-For') ?? '').split(',').map((text) => plain(text.trim()));
  let source = peer;
  while (isTrusted(source, trusted)) {
    const before = told.pop();
    if (before === undefined) break;
    source = before;
  }
  return isIPv4(source) ? source : networkOf(source);
}

const isTrusted = (address: string, trusted: TrustedProxies) =>
  trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** The connection as @hono/node-server passes it on. */
function peerAddress(env: unknown): string {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? '';
}

/** An address without port, zone, brackets or the wrapping of IPv4 in IPv6; undefined if the text is no address. */
function plain(text: string): string | undefined {
  const [, bracketed] = /^\[([^\]]+)\]/.exec(text) ?? [];
  const withoutPort = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.replace(/:\d+$/, '') : text;
  const address = (bracketed ?? withoutPort).replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? undefined : address;
}

/** The first 56 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...start, ...Array(Math.max(0, 8 - start.length - end.length)).fill('0'), ...end];
  const [a, b, c, d = '0'] = groups.map((group) => Number.parseInt(group, 16));
  return [a, b, c, Number(d) & 0xff00].map((group) => Number(group).toString(16)).join(':');
}
