import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  either,
  list,
  maybe,
  number,
  object,
  oneOf,
  record,
  type Shape,
  text,
} from '../../../../core/messages/shape.ts';

const greeting = object({
  type: oneOf('greet', 'wave'),
  name: text(4),
  times: maybe(number),
  to: list(text()),
});
const GREETING = { type: 'greet', name: '花子', to: ['太郎'] };

/** Everything a message can hold that is not what is asked for. */
const STRANGE = [
  undefined,
  null,
  0,
  '',
  true,
  [],
  {},
  Number.NaN,
  Number.POSITIVE_INFINITY,
  'greet',
  [GREETING],
];

describe('a message', () => {
  test.each([
    GREETING,
    { ...GREETING, type: 'wave', times: 0 },
    { ...GREETING, times: undefined },
    { ...GREETING, to: [] },
  ])('fits: %j', (message) => {
    expect(greeting(message)).toBe(true);
  });

  test.each(STRANGE)('does not fit as %j', (message) => {
    expect(greeting(message)).toBe(false);
  });

  test.each([
    { ...GREETING, type: 'leave' },
    { ...GREETING, name: '花子花子花' },
    { ...GREETING, name: undefined },
    { ...GREETING, times: Number.NaN },
    { ...GREETING, times: '1' },
    { ...GREETING, to: '太郎' },
    { ...GREETING, to: ['太郎', 1] },
    { ...GREETING, more: undefined },
    { type: 'greet', name: '花子' },
    JSON.parse('{"type":"greet","name":"花子","to":[],"__proto__":{}}'),
  ])('does not fit with one member wrong: %j', (message) => {
    expect(greeting(message)).toBe(false);
  });

  test('fits one of several shapes whole, or none', () => {
    const either1 = either(
      object({ kind: oneOf('a'), code: text() }),
      object({ kind: oneOf('b'), wait: number }),
    );
    expect(either1({ kind: 'b', wait: 1 })).toBe(true);
    expect(either1({ kind: 'a', wait: 1 })).toBe(false);
    expect(either1({ kind: 'a', code: '', wait: 1 })).toBe(false);
  });
});

describe('a shape', () => {
  test.each<Shape<unknown>>([text(), number, oneOf('a'), list(text()), object({ a: text() })])(
    'never throws, whatever it is given',
    (shape) => {
      fc.assert(
        fc.property(fc.anything({ withNullPrototype: true }), (value) =>
          [true, false].includes(shape(value)),
        ),
      );
    },
  );
});

describe('members of any name', () => {
  const counts = record(number);

  test.each([{}, { one: 1 }, { one: 1, two: 2 }])('fit: %j', (value) => {
    expect(counts(value)).toBe(true);
  });

  test.each([undefined, null, 1, 'one', { one: '1' }, { one: 1, two: Number.NaN }, [['one', 1]]])(
    'do not fit: %j',
    (value) => {
      expect(counts(value)).toBe(false);
    },
  );
});
