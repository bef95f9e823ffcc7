import fc from 'fast-check';
import { ENDPOINTS } from './endpoints.ts';

/** Requests as nobody should make them: good ones with something wrong, and things that are no requests at all. */
export interface FuzzedRequest {
  readonly method: string;
  /** `{user}` and `{confirmation}` stand for those of the stage. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** Who it is from: a bank, its staff, a token that signs it, a stranger that signs it, nobody. */
  readonly by: 'bank' | 'staff' | 'token' | 'stranger' | 'nobody';
}

/** Texts that have broken parsers, databases and pages elsewhere. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\ufeff',
    '\ufffd',
    '\u202e',
    '\\u0000',
    "'; drop table tokens; --",
    '{{7*7}}',
    '<b>',
    '../../etc/passwd',
    '%00',
    '%',
    '１２３４５６７８',
    '1e400',
    '-0',
    'NaN',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    'A'.repeat(5_000),
    '😀'.repeat(100),
    'e\u0301'.repeat(100),
    '\u{20bb7}\u{e0100}',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 2 ** 53, 1e308, [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A valid body with one value replaced, one member added or one removed. */
function spoilt(body: object): fc.Arbitrary<unknown> {
  const paths = pathsIn(body);
  return fc
    .record({
      at: fc.constantFrom(...paths),
      value: nastyValue,
      how: fc.constantFrom('replace', 'append', 'remove', 'add'),
      name: nasty,
    })
    .map(({ at, value, how, name }) => {
      const copy = structuredClone(body);
      const holder = at.slice(0, -1).reduce((inner: object, key) => Reflect.get(inner, key), copy);
      const last = at.at(-1) ?? '';
      if (how === 'replace') Reflect.set(holder, last, value);
      if (how === 'append')
        Reflect.set(holder, last, `${JSON.stringify(Reflect.get(holder, last)).replaceAll('"', '')}${name}`);
      if (how === 'remove') Reflect.deleteProperty(holder, last);
      if (how === 'add') {
        Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
      }
      return copy;
    });
}

function pathsIn(value: object, before: readonly string[] = []): string[][] {
  return Object.entries(value).flatMap(([key, inner]) => [
    [...before, key],
    ...(typeof inner === 'object' && inner !== null ? pathsIn(inner, [...before, key]) : []),
  ]);
}

const encode = (text: string) => new TextEncoder().encode(text);

/** JSON that JSON.stringify does not write. */
const nastyJson = fc.constantFrom(
  '[]',
  'null',
  '0',
  '""',
  '{',
  '{}}',
  '{"a":1,}',
  '{"code":"12345678","code":"87654321"}',
  '{"__proto__":{"code":"12345678"}}',
  '{"constructor":{"prototype":{"code":1}}}',
  '{"code":"12345678","__proto__":null}',
  `${'['.repeat(15_000)}${']'.repeat(15_000)}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '{"code":1e400}',
  `{"amount":${'9'.repeat(2_000)}}`,
  '{"code":"\\u0000\\ud800"}',
  '\ufeff{"code":"12345678"}',
  '{"code":"12345678"}\u0000',
  `{"code":"${'1'.repeat(33_000)}"}`,
);

const body = (good: object | undefined): fc.Arbitrary<Uint8Array<ArrayBuffer> | undefined> => {
  const goodText = good === undefined ? '' : JSON.stringify(good);
  const texts = fc.oneof(
    { weight: 3, arbitrary: fc.constant(goodText) },
    {
      weight: 6,
      arbitrary:
        good && Object.keys(good).length > 0 ? spoilt(good).map((one) => JSON.stringify(one)) : nasty,
    },
    { weight: 2, arbitrary: nastyJson },
    { weight: 1, arbitrary: nasty },
  );
  return fc.oneof(
    { weight: 8, arbitrary: texts.map(encode) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)) },
    // A good text with bytes in it that are not UTF-8, or cut off in the middle.
    {
      weight: 1,
      arbitrary: fc
        .record({ at: fc.nat(goodText.length), byte: fc.integer({ min: 0x80, max: 0xff }) })
        .map(({ at, byte }) => {
          const bytes = encode(goodText);
          return new Uint8Array([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]);
        }),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
};

const header = fc.oneof(
  fc.tuple(
    fc.constant('Content-Type'),
    fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/json;x',
        'application/json;',
        'application/json; charset=utf-8',
        'application/json;charset="utf-8"',
        'application/json; charset=shift_jis',
        'APPLICATION/JSON',
        'application/json ; a=b',
        'application/jsonx',
        'application/problem+json',
        'text/json',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        'application/json, application/json',
        '*/*',
        ';',
        '',
      ),
      nasty.map((text) => `application/json;${text}`),
    ),
  ),
  fc.tuple(
    fc.constant('Content-Length'),
    fc.constantFrom('0', '5', '-1', '1e3', 'x', '0x10', '99999999999999999999', ' 5', '5, 5', '40000', ''),
  ),
  fc.tuple(
    fc.constant('Authorization'),
    fc.oneof(
      fc.constantFrom(
        'Bearer',
        'Bearer ',
        'Basic dXNlcjpwYXNz',
        'bearer x',
        `Bearer ${'x'.repeat(43)}`,
        `Bearer ${'x'.repeat(9_000)}`,
        'DPoP x',
        '',
      ),
      nasty,
    ),
  ),
  fc.tuple(
    fc.constant('DPoP'),
    fc.oneof(fc.constantFrom('', '.', '..', 'a.b.c', 'e30.e30.', 'x, y', 'x'.repeat(5_000)), nasty),
  ),
  fc.tuple(
    fc.constant('Idempotency-Key'),
    fc.oneof(fc.constantFrom('', ' ', 'k', 'k, k', '\u00e9\u00ff', 'x'.repeat(128), 'x'.repeat(129)), nasty),
  ),
  fc.tuple(
    fc.constantFrom(
      'Accept',
      'Accept-Language',
      'Accept-Encoding',
      'Content-Encoding',
      'Transfer-Encoding',
      'Range',
      'If-None-Match',
      'X-Forwarded-For',
      'X-Http-Method-Override',
      'Origin',
      'Cookie',
      'Expect',
      'Upgrade',
    ),
    fc.oneof(
      fc.constantFrom(
        'text/html',
        'gzip',
        'chunked',
        '*/*;q=x',
        'bytes=0-',
        '127.0.0.1',
        'DELETE',
        'null',
        'a=b; a=c',
      ),
      nasty,
    ),
  ),
);

const segment = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom(
        '%00',
        '%',
        '%E0%A4%A',
        '..',
        '123456789012',
        '１２３４',
        'A'.repeat(22),
        'A'.repeat(3_000),
        '%2e%2e',
        '{user}x',
      ),
      nasty.map((text) => encodeURIComponent(text.toWellFormed())),
    ),
  },
);

const query = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom(
        '?wait=1e999',
        '?wait=1&wait=2',
        '?unless=waiting&wait=0',
        '?unless=x',
        '?wait=-1',
        '?limit=0',
        '?limit=1000&cursor=9999999999999-999999999999999999',
        '?from=0000-01-01T00:00:00Z',
        '?from=1970-01-01T00:00:00Z&to=2999-12-31T23:59:59Z&actor=%25%27_&event=verify',
        '?from=2026-11-20T00:00:00Z&to=2026-11-27T00:00:00Z&by=hour',
        '?actor=%00',
        '?=',
        '?__proto__=1',
        '?wait[]=1',
        '?%',
      ),
      nasty.map((text) => `?unless=${encodeURIComponent(text.toWellFormed())}`),
    ),
  },
);

function whoAsks(path: string): FuzzedRequest['by'] {
  if (path.startsWith('/v1/staff')) return 'staff';
  return path.startsWith('/v1/tokens') ? 'bank' : 'token';
}

/** A request to one of the endpoints. */
export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc.constantFrom(...ENDPOINTS).chain((endpoint) =>
  fc.record({
    method: fc.oneof(
      { weight: 12, arbitrary: fc.constant<string>(endpoint.method) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND'),
      },
    ),
    path: fc.tuple(segment, segment, query).map(([user, confirmation, asked]) => {
      const named = user === undefined ? endpoint.path : endpoint.path.replace('{user}', () => user);
      const whole = confirmation === undefined ? named : named.replace('{confirmation}', () => confirmation);
      return `${whole}${asked}`;
    }),
    headers: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(header, { minLength: 1, maxLength: 4 }) },
    ),
    body: body(endpoint.body),
    by: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constant(whoAsks(endpoint.path)),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<FuzzedRequest['by']>('bank', 'staff', 'token', 'stranger', 'nobody'),
      },
    ),
  }),
);
