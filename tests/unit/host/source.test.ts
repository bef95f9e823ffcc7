import { describe, expect, test } from 'vitest';
import { readTrustedProxies, sourceOf } from '../../../host/source.ts';

const PROXIES = readTrustedProxies('127.0.0.1, 10.0.0.0/8, fd00::/8');

describe('where a request comes from', () => {
  test.each([
    ['no proxy: the other end', '203.0.113.7', undefined, '203.0.113.7'],
    ['a stranger’s word is not believed', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['our proxy’s word is', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'and no more than that: the rest anybody can write',
      '127.0.0.1',
      '1.2.3.4, 198.51.100.1',
      '198.51.100.1',
    ],
    ['two proxies of ours in a row', '10.1.1.1', '198.51.100.1, 10.2.2.2', '198.51.100.1'],
    ['what is no address ends it', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['IPv4 in IPv6', '::ffff:10.1.1.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['IPv6: the network', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['IPv6 written short', '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['IPv6 behind a proxy', 'fd00::1', '2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['nowhere', '', undefined, ''],
  ])('%s', (_, remote, forwarded, source) => {
    expect(sourceOf(remote, forwarded, PROXIES)).toBe(source);
  });

  test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/x', '1.2.3'])('%s names no proxy', (text) => {
    expect(() => readTrustedProxies(text)).toThrow('WARIFU_TRUSTED_PROXIES');
  });
});
