import { describe, expect, test } from 'vitest';
import {
  commitmentTo,
  groupedCode,
  linkHash,
  pairingUrl,
  readPairingFragment,
} from '../../../../core/pairing/link.ts';

const OFFERED = {
  fillerKey: 'nm_0REhHKGRdXYfyBO4q2rnBpkZGaHZEuBhWIh8V-TI',
  fillerReceivingKey: 'GY7PMTfkaVWLYBh4uWCtSqH1JVyIPDxLh9rJ9h9v6_Q',
  commitment: 'Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU',
};

describe('the link in the QR code', () => {
  test('leads to the companion and is read from its fragment', async () => {
    const link = { code: '01234567', hash: await linkHash(OFFERED) };
    const url = pairingUrl('https://token.example', link);
    expect(url).toBe(`https://token.example/#pair=01234567.${link.hash}`);
    expect(readPairingFragment(new URL(url).hash)).toEqual(link);
  });

  test.each(Object.keys(OFFERED) as (keyof typeof OFFERED)[])(
    'has another hash for another %s',
    async (member) => {
      const other = { ...OFFERED, [member]: `A${OFFERED[member].slice(1)}` };
      expect(await linkHash(other)).not.toBe(await linkHash(OFFERED));
    },
  );

  test.each([
    '',
    '#pair=',
    '#pair=1234567.AAAAAAAAAAAAAAAAAAAAAA',
    '#pair=12345678.AAAAAAAAAAAAAAAAAAAAA',
    '#pair=12345678.AAAAAAAAAAAAAAAAAAAAAAA',
    '#pair=12345678.AAAAAAAAAAAAAAAAAAAAAA#',
    '#confirm',
  ])('%j is none', (fragment) => {
    expect(readPairingFragment(fragment)).toBeUndefined();
  });
});

test('a nonce is committed to by the hash of its bytes', async () => {
  expect(await commitmentTo('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toBe(OFFERED.commitment);
});

test('a code is read in two groups', () => {
  expect(groupedCode('01234567')).toBe('0123-4567');
});
