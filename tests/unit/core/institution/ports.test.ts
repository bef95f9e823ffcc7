import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import defaults from '../../../../core/institution/default.json' with { type: 'json' };
import { directorySchema } from '../../../../core/institution/directory.ts';
import { FIRST_PORT, onPorts } from '../../../../core/institution/ports.ts';

const DEFAULT = directorySchema.parse(defaults);
const [SENPOKU] = DEFAULT.institutions;
if (SENPOKU === undefined) throw new Error('the default directory is empty');

const moved = (pageOrigin: string, firstPort: number) => {
  const directory = { institutions: [{ ...SENPOKU, pageOrigins: [pageOrigin] }] };
  return onPorts(directory, firstPort).institutions[0]?.pageOrigins[0];
};

describe('onPorts', () => {
  test('on the default ports changes nothing', () => {
    expect(onPorts(DEFAULT, FIRST_PORT)).toEqual(DEFAULT);
  });

  test('moves service and banks alike, keeping their distance', () => {
    const { institutions } = onPorts(DEFAULT, 5000);
    for (const { serviceOrigin, pageOrigins, key } of institutions) {
      expect(serviceOrigin).toBe('http://token.localhost:5000');
      expect(pageOrigins).toEqual([`http://${key}.localhost:5001`]);
    }
  });

  test('changes nothing but origins, and not the directory it was given', () => {
    const before = structuredClone(DEFAULT);
    const after = onPorts(DEFAULT, 5000);
    expect(DEFAULT).toEqual(before);
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
        const after = onPorts(DEFAULT, firstPort);
        return directorySchema.safeParse(after).success;
      }),
    );
  });
});
