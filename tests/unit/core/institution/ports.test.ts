import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directorySchema } from '../../../../core/institution/directory.ts';
import { FIRST_PORT, onPorts } from '../../../../core/institution/ports.ts';
import { DEFAULT_DIRECTORY, SENPOKU } from '../../../institutions.ts';

const moved = (pageOrigin: string, firstPort: number) => {
  const directory = { institutions: [{ ...SENPOKU, pageOrigins: [pageOrigin] }] };
  return onPorts(directory, firstPort).institutions[0]?.pageOrigins[0];
};

describe('onPorts', () => {
  test('on the default ports changes nothing', () => {
    expect(onPorts(DEFAULT_DIRECTORY, FIRST_PORT)).toEqual(DEFAULT_DIRECTORY);
  });

  test('moves service and banks alike, keeping their distance', () => {
    const { institutions } = onPorts(DEFAULT_DIRECTORY, 5000);
    for (const { serviceOrigin, pageOrigins, key } of institutions) {
      expect(serviceOrigin).toBe('http://token.localhost:5000');
      expect(pageOrigins).toEqual([`http://${key}.localhost:5001`]);
    }
  });

  test('changes nothing but origins, and not the directory it was given', () => {
    const before = structuredClone(DEFAULT_DIRECTORY);
    const after = onPorts(DEFAULT_DIRECTORY, 5000);
    expect(DEFAULT_DIRECTORY).toEqual(before);
    expect(
      after.institutions.map((institution) => ({ ...institution, pageOrigins: [], serviceOrigin: '' })),
    ).toEqual(
      before.institutions.map((institution) => ({ ...institution, pageOrigins: [], serviceOrigin: '' })),
    );
  });

  test.each([
    'https://ib.example.jp',
    'https://ib.example.jp:4601',
    'http://senpoku.localhost',
    'http://senpoku.localhost:4599',
    'http://senpoku.localhost:4603',
    'http://localhost:4601',
    'http://localhost.evil.example:4601',
  ])('leaves %s where it is', (origin) => {
    expect(moved(origin, 5000)).toBe(origin);
  });

  test('gives origins on any row of ports, each its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_533 }), (firstPort) => {
        const after = onPorts(DEFAULT_DIRECTORY, firstPort);
        return directorySchema.safeParse(after).success;
      }),
    );
  });
});
