import { expect, test } from 'vitest';
import { randomId, systemRandomBytes } from '../../../host/random.ts';

test('A11: an id has 128 random bits, none of which stands still', () => {
  const ids = Array.from({ length: 200 }, () => Buffer.from(randomId(systemRandomBytes), 'base64url'));
  expect(new Set(ids.map((id) => id.toString('hex'))).size).toBe(ids.length);
  for (const id of ids) expect(id).toHaveLength(16);
  for (let bit = 0; bit < 128; bit += 1) {
    const ones = ids.filter((id) => ((id[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    // 200 tosses that fall less than 50 or more than 150 times: 2 in 10^12
    expect(ones.length).toBeGreaterThan(50);
    expect(ones.length).toBeLessThan(150);
  }
});
