import { expect, test } from 'vitest';
import { postgresAddresses } from '../../../host/postgres-addresses.ts';

test('one server stays the one', () => {
  const url = 'postgres://warifu:ge%40heim@db:5432/warifu?sslmode=require';
  const addresses = postgresAddresses(url);
  addresses.failed(url);
  expect(addresses.current()).toBe(url);
});

test('of several servers the next one is used when one fails, and the first again after the last', () => {
  const { current, failed } = postgresAddresses('postgresql://u:p@one:5432,two:5433,[::1]/warifu?x=y');
  const seen = Array.from({ length: 4 }, () => {
    const url = current();
    failed(url);
    return url;
  });
  expect(seen).toEqual([
    'postgresql://u:p@one:5432/warifu?x=y',
    'postgresql://u:p@two:5433/warifu?x=y',
    'postgresql://u:p@[::1]/warifu?x=y',
    'postgresql://u:p@one:5432/warifu?x=y',
  ]);
});

test('ten connections that fail at once move on by one server', () => {
  const { current, failed } = postgresAddresses('postgres://one,two,three/warifu');
  const first = current();
  for (let time = 0; time < 10; time += 1) failed(first);
  expect(current()).toBe('postgres://two/warifu');
});

test.each(['', 'geheim', 'mysql://u:geheim@db/warifu', 'postgres://u:geheim@db:port/warifu'])(
  'what is no URL of PostgreSQL is said without it: %s',
  (url) => {
    expect(() => postgresAddresses(url)).toThrow(/^the database URL must look like postgres:/);
  },
);

test('the primary is used wherever it stands, and stays known when connecting to it fails', () => {
  const { current, primary, isPrimary, failed } = postgresAddresses('postgres://one,two,three/warifu');
  expect(primary()).toBeUndefined();
  isPrimary('postgres://three/warifu');
  expect(current()).toBe('postgres://three/warifu');
  failed('postgres://three/warifu');
  expect(current()).toBe('postgres://one/warifu');
  expect(primary()).toBe('postgres://three/warifu');
});
