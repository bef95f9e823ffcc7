import { expect, test } from 'vitest';
import { csvOf, everyToken, pskcOf, refusalsOf, rowsOf } from './token-files.ts';

const KEY = '3132333435363738393031323334353637383930';
const HEADER = 'serial,kind,key,algorithm,digits,period,counter,drift,expires';
const csv = (...rows: string[]) => [HEADER, ...rows].join('\r\n');

test('CSV: every token is read as it was written', async () => {
  const tokens = everyToken();
  const rows = await rowsOf(await csvOf(tokens), {}, 5);
  expect(rows.map((row) => 'token' in row && row.token)).toEqual(tokens);
  expect(rows.map(({ line }) => line)).toEqual(tokens.map((_token, place) => place + 2));
});

test('CSV: three columns are enough, in any order, with a byte order mark, and serials as people write them', async () => {
  const [row] = await rowsOf(`\ufeffKey,Serial,Kind\n${KEY},hw-０0 123456,TOTP\n`);
  expect(row).toMatchObject({
    line: 2,
    token: {
      serial: 'HW00123456',
      parameters: { algorithm: 'SHA-1', digits: 6, period: 30 },
      nextCount: 0,
      drift: 0,
      expiresAt: null,
    },
  });
});

test('CSV: what is wrong with a row is said by its line, and the others are taken', async () => {
  const file = csv(
    `HW000001,hotp,${KEY},,,,,,`,
    `,hotp,${KEY},,,,,,`,
    `HW 1,hotp,${KEY},,,,,,`,
    `hw-000001,totp,${KEY},,,,,,`,
    `HW000002,ocra,${KEY},,,,,,`,
    `HW000003,hotp,,,,,,,`,
    `HW000004,hotp,12345,,,,,,`,
    `HW000005,hotp,${KEY.slice(0, 26)},,,,,,`,
    `HW000006,hotp,${KEY.repeat(4)},,,,,,`,
    `HW000007,hotp,${KEY},MD5,,,,,`,
    `HW000008,hotp,${KEY},,7,,,,`,
    `HW000009,totp,${KEY},,,45,,,`,
    `HW000010,hotp,${KEY},,,,-1,,`,
    `HW000011,hotp,${KEY},,,,2000000001,,`,
    `HW000012,totp,${KEY},,,,,1e3,`,
    `HW000013,totp,${KEY},,,,,,2031-02-30T00:00`,
    'HW000014,totp',
    `HW000017,totp,${KEY},,,,,,0001-01-01`,
    `"HW`,
    `000015",totp,${KEY},,,,,,`,
    `HW000016,totp,${KEY},sha-512,8,60,,-3,2031-03-31`,
  );
  expect(await refusalsOf(file)).toEqual({
    3: 'no-serial',
    4: 'bad-serial',
    5: 'serial-twice',
    6: 'other-kind',
    7: 'no-key',
    8: 'bad-key',
    9: 'short-key',
    10: 'long-key',
    11: 'other-hash',
    12: 'other-digits',
    13: 'other-period',
    14: 'bad-counter',
    15: 'bad-counter',
    16: 'bad-drift',
    17: 'bad-expiry',
    18: 'columns',
    19: 'bad-expiry',
  });
  const taken = (await rowsOf(file)).flatMap((row) => ('token' in row ? [row.token] : []));
  expect(taken.map(({ serial }) => serial)).toEqual(['HW000001', 'HW000015', 'HW000016']);
  expect(taken.at(-1)).toMatchObject({
    parameters: { algorithm: 'SHA-512', digits: 8, period: 60 },
    drift: -3,
    expiresAt: new Date('2031-03-31T15:00:00Z'),
  });
});

test('CSV: an expiry at a day that does not exist is taken for no other day', async () => {
  const expiring = ['2031-02-30', '2031-02-29T09:00:00+09:00', '2031-04-31T00:00:00Z', '2032-02-29'];
  const file = csv(...expiring.map((expires, place) => `HW10000${place},totp,${KEY},,,,,,${expires}`));
  expect(await refusalsOf(file)).toEqual({ 2: 'bad-expiry', 3: 'bad-expiry', 4: 'bad-expiry' });
});

test.each([
  ['nothing', '', 'empty'],
  ['only space', ' \r\n\t', 'empty'],
  ['no header', `HW000001,hotp,${KEY}\n`, 'header'],
  ['a header without keys', 'serial,kind\nHW000001,hotp\n', 'header'],
  ['a column twice', `serial,kind,key,kind\nHW000001,hotp,${KEY},hotp\n`, 'header'],
  ['a quotation mark within a value', `serial,kind,key\nHW"000001,hotp,${KEY}\n`, 'not-csv'],
  ['a quotation mark that is never closed', `serial,kind,key\n"HW000001,hotp,${KEY}\n`, 'not-csv'],
  ['a line without end', `serial,kind,key\n${'1'.repeat(10_000)}`, 'too-long'],
])('CSV: with %s nothing is taken', async (_what, file, reason) => {
  await expect(rowsOf(file)).rejects.toMatchObject({ reason });
});

const TOKENS = everyToken();
/** A file of one HOTP token, changed. */
const changed = async (was: string | RegExp, is: string) =>
  (await pskcOf(TOKENS.slice(0, 1))).replace(was, is);

test.each([
  ['no serial number', /<SerialNo>.*<\/SerialNo>/, '', 'no-serial'],
  ['two serial numbers', '<SerialNo>', '<SerialNo>HW999999</SerialNo><SerialNo>', 'element-twice'],
  ['no key', /<Key [\s\S]*<\/Key>/, '', 'no-key'],
  ['two keys', '</Key>', '</Key><Key Id="2"/>', 'element-twice'],
  ['no secret', /<Secret>.*<\/Secret>/, '', 'no-key'],
  ['a secret that is not base64', /<Secret><PlainValue>/, '$&?', 'bad-key'],
  ['a challenge', 'pskc:hotp', 'pskc:ocra', 'other-kind'],
  ['letters for codes', 'DECIMAL', 'ALPHANUMERIC', 'other-codes'],
  ['a check digit', 'Encoding=', 'CheckDigits="true" Encoding=', 'other-codes'],
  ['a hash of old', 'HMAC-SHA1', 'HMAC-MD5', 'other-hash'],
  ['no use for codes', '</Data>', '</Data><Policy><KeyUsage>Encrypt</KeyUsage></Policy>', 'other-policy'],
  ['a PIN', '</Data>', '</Data><Policy><PINPolicy/></Policy>', 'other-policy'],
  [
    'an encrypted counter',
    /<Counter>.*<\/Counter>/,
    '<Counter><EncryptedValue/></Counter>',
    'sealed-counter',
  ],
])('PSKC: a token with %s is not taken, and its line is said', async (_what, was, is, reason) => {
  expect(await refusalsOf(await changed(was, is))).toEqual({ 3: reason });
});

test('PSKC: key ids and serial numbers that are there twice are said, the second of each', async () => {
  const file = (await pskcOf(TOKENS.slice(0, 3))).replaceAll(
    /Id="(T0SHA1D8|T0SHA256D6)"/g,
    (_id, id) => `Id="${id === 'T0SHA1D8' ? 'T0SHA1D6' : id}"`,
  );
  expect(await refusalsOf(file)).toEqual({ 13: 'id-twice' });
  expect(
    await refusalsOf((await pskcOf(TOKENS.slice(0, 2))).replaceAll('SerialNo>T0SHA1D8', 'SerialNo>T0SHA1D6')),
  ).toEqual({
    13: 'serial-twice',
  });
});
