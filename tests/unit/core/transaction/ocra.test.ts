import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SynchronousKey } from '../../../../core/otp/key.ts';
import { ocra } from '../../../../core/transaction/ocra.ts';
import vectors from '../../../vectors/ocra-vectors.json' with { type: 'json' };

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

function keyFor(suite: string, hex: string): SynchronousKey {
  const hash = /SHA\d+/.exec(suite)?.[0].toLowerCase() ?? '';
  const key = bytes(hex);
  return { bits: key.length * 8, hmac: (message) => createHmac(hash, key).update(message).digest() };
}

const KEY = keyFor('SHA256', '31'.repeat(32));

describe('RFC 6287 Appendix C', () => {
  test('there are 70 vectors', () => {
    expect(vectors.vectors).toHaveLength(70);
  });

  test.each(vectors.vectors)('$section $suite $question $counter $expected', async (vector) => {
    const { suite, question, expected, counter, pinSha1Hex, timeStepsHex } = vector;
    const input = {
      question,
      ...(counter !== undefined && { counter }),
      ...(pinSha1Hex !== undefined && { pinHash: bytes(pinSha1Hex) }),
      ...(timeStepsHex !== undefined && { timeMs: Number.parseInt(timeStepsHex, 16) * 60_000 + 59_999 }),
    };
    expect(await ocra(keyFor(suite, vector.keyHex), suite, input)).toBe(expected);
  });

  test('WebCrypto makes the same codes', async () => {
    const [vector] = vectors.vectors.filter(({ suite }) => suite === 'OCRA-1:HOTP-SHA256-8:QA08');
    if (vector === undefined) throw new Error('no such vector');
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', bytes(vector.keyHex), algorithm, false, ['sign']);
    expect(await ocra(key, vector.suite, { question: vector.question })).toBe(vector.expected);
  });
});

describe('what a suite asks for', () => {
  const QH64 = 'OCRA-1:HOTP-SHA256-8:QH64';
  const digest = createHash('sha256').update('details').digest('hex');

  test('hexadecimal questions may be in either case', async () => {
    expect(await ocra(KEY, QH64, { question: digest.toUpperCase() })).toBe(
      await ocra(KEY, QH64, { question: digest }),
    );
  });

  test('session information counts', async () => {
    const suite = 'OCRA-1:HOTP-SHA256-8:QN08-S064';
    const session = new Uint8Array(64);
    const other = new Uint8Array(64).fill(1);
    expect(await ocra(KEY, suite, { question: '1', session })).not.toBe(
      await ocra(KEY, suite, { question: '1', session: other }),
    );
  });

  test.each([
    ['another version', 'OCRA-2:HOTP-SHA256-8:QN08', { question: '1' }],
    ['no question', 'OCRA-1:HOTP-SHA256-8:C', { question: '1' }],
    ['no truncation', 'OCRA-1:HOTP-SHA256-0:QN08', { question: '1' }],
    ['something after it', 'OCRA-1:HOTP-SHA256-8:QN08-T1M-X', { question: '1', timeMs: 0 }],
    ['a missing counter', 'OCRA-1:HOTP-SHA256-8:C-QN08', { question: '1' }],
    ['a missing PIN', 'OCRA-1:HOTP-SHA256-8:QN08-PSHA1', { question: '1' }],
    [
      'a PIN hash of another length',
      'OCRA-1:HOTP-SHA256-8:QN08-PSHA1',
      { question: '1', pinHash: bytes('00') },
    ],
    ['a missing time', 'OCRA-1:HOTP-SHA256-8:QN08-T30S', { question: '1' }],
    ['letters for digits', 'OCRA-1:HOTP-SHA256-8:QN08', { question: 'a' }],
    ['no hexadecimal digits', QH64, { question: 'xy' }],
    ['an empty question', QH64, { question: '' }],
    ['a question over 128 bytes', 'OCRA-1:HOTP-SHA256-8:QA64', { question: 'a'.repeat(129) }],
  ])('%s is an error', async (_what, suite, input) => {
    await expect(ocra(KEY, suite, input)).rejects.toThrow(RangeError);
  });
});
