import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pairingStatusSchema } from '../../../core/api/pairing.ts';
import { SYMBOLS } from '../../../core/pairing/symbols.ts';

/** What docs/PROTOCOL.md says of pairing, by Node's own cryptography. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/PROTOCOL.md'), 'utf8');
const [, list = ''] = /^```text pairing-symbols\n([\s\S]*?)^```$/m.exec(page) ?? [];
const LISTED = [...list.matchAll(/(\d+) (\S+) (\S+) ([a-z ]+?) *(?=,|$)/gm)].map(
  ([, place, drawing = '', ja = '', en = '']) => ({ place: Number(place), drawing, ja, en }),
);
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

describe('the example of a pairing', () => {
  const [, text = '{}'] = /^```json pairing-example\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const of: Record<string, string> & { places: number[]; symbols: string[] } = JSON.parse(text);
  const hashOf = (...lines: (string | undefined)[]) => sha256(lines.join('\n'));

  test('the commitment is to the nonce', () => {
    expect(sha256(Buffer.from(of.fillerNonce ?? '', 'base64url')).toString('base64url')).toBe(of.commitment);
  });

  test('the hash of the link', () => {
    const hash = hashOf('warifu-pairing-link', of.fillerKey, of.fillerReceivingKey, of.commitment);
    expect(hash.subarray(0, 16).toString('base64url')).toBe(of.link);
  });

  test('the symbols', () => {
    const { pairing, fillerKey, fillerReceivingKey, deciderKey, deciderNonce, fillerNonce } = of;
    const hash = hashOf(
      'warifu-pairing-symbols',
      pairing,
      fillerKey,
      fillerReceivingKey,
      deciderKey,
      deciderNonce,
      fillerNonce,
    );
    const bits = hash.readUIntBE(0, 6);
    const places = [0, 1, 2, 3, 4, 5].map((place) => Math.floor(bits / 2 ** (42 - 6 * place)) % 64);
    expect(places).toEqual(of.places);
    expect(places.map((place) => LISTED[place]?.en)).toEqual(of.symbols);
  });
});

test('the list of symbols is that of the code, each with its place', () => {
  expect(LISTED.map(({ place }) => place)).toEqual(SYMBOLS.map((_, place) => place));
  expect(LISTED.map(({ place: _, ...symbol }) => symbol)).toEqual(SYMBOLS);
});

test.each(pairingStatusSchema.options)('the status %s is explained', (status) => {
  expect(page).toMatch(new RegExp(`^\\| \`${status}\` \\| .+ \\|$`, 'm'));
});
