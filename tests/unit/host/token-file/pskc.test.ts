import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csvOf, everyToken, pskcOf, RFC_KEY, rowsOf } from './token-files.ts';

const VECTORS = join(import.meta.dirname, '../../../vectors');
const figure = (number: number) => readFileSync(join(VECTORS, `rfc6030-figure-${number}.xml`), 'utf8');

const SHARED = { key: new Uint8Array(Buffer.from('12345678901234567890123456789012', 'hex')) };
const PASSWORD = { password: 'qwerty' };

const RFC_TOKEN = {
  serial: '987654321',
  parameters: { algorithm: 'SHA-1', digits: 8, period: null },
  key: RFC_KEY,
  nextCount: 0,
  drift: 0,
  expiresAt: null,
};

test.each([
  ['a key that was agreed (figure 6)', 6, SHARED, 19],
  ['a password (figure 7)', 7, PASSWORD, 37],
])('RFC 6030: keys under %s', async (_what, number, secret, line) => {
  expect(await rowsOf(figure(number), secret)).toEqual([{ line, token: RFC_TOKEN }]);
});

test.each([
  ['another password', 7, { password: 'Qwerty' }],
  ['another key', 6, { key: SHARED.key.toReversed() }],
  ['a key of another length', 6, { key: new Uint8Array(32) }],
])('%s is said to be wrong, and nothing is read', async (_what, number, secret) => {
  await expect(rowsOf(figure(number), secret)).rejects.toMatchObject({ reason: 'wrong-key' });
});

test('what is needed is said where it is not given', async () => {
  await expect(rowsOf(figure(6))).rejects.toMatchObject({ reason: 'key-needed' });
  await expect(rowsOf(figure(7), SHARED)).rejects.toMatchObject({ reason: 'password-needed' });
});

test.each([
  ['the MAC', 'Su+Nvt', 'Su+Nvu'],
  ['the key', 'AAECAwQFBgcICQoLDA0OD+cIHIt', 'AAECAwQFBgcICQoLDA0OD+cIHIu'],
  ['the initialisation vector', 'AAECAwQF', 'BAECAwQF'],
])('a changed bit of %s makes the whole file wrong', async (_what, was, is) => {
  await expect(rowsOf(figure(6).replace(was, is), SHARED)).rejects.toMatchObject({
    reason: 'wrong-key',
    message: expect.stringMatching(/^line \d+: the password or key is wrong, or somebody changed the file$/),
  });
});

test.each([
  ['no MAC', /<ValueMAC>[^<]*<\/ValueMAC>/, '', 'no-mac'],
  ['no method for MACs', /<MACMethod[\s\S]*<\/MACMethod>/, '', 'no-mac'],
  ['another MAC', '#hmac-sha1', '#hmac-md5', 'other-encryption'],
  ['another cipher', /#aes128-cbc(?=[\s\S]*<\/Secret>)/, '#tripledes-cbc', 'other-encryption'],
  ['a certificate for a key', /<ds:KeyName>.*<\/ds:KeyName>/, '<ds:X509Data/>', 'other-encryption'],
  ['two keys to encrypt with', '</ds:KeyName>', '</ds:KeyName><ds:KeyName/>', 'other-encryption'],
])('%s: nothing is taken', async (_what, was, is, reason) => {
  await expect(rowsOf(figure(6).replace(was, is), SHARED)).rejects.toMatchObject({ reason });
});

test.each([
  ['without end', '1000', '100000000000'],
  ['none', '1000', '0'],
  ['of another function', 'pkcs-5v2-0#pbkdf2', 'pkcs-5v2-0#scrypt'],
])('a derivation %s is refused', async (_what, was, is) => {
  const file = figure(7).replace(`${was}</IterationCount>`, `${is}</IterationCount>`).replace(was, is);
  await expect(rowsOf(file, PASSWORD)).rejects.toMatchObject({ reason: 'other-encryption' });
});

test('how keys are encrypted stands before them', async () => {
  const [, head = ''] = /(<EncryptionKey>[\s\S]*<\/MACMethod>)/.exec(figure(6)) ?? [];
  const [, keyPackage = ''] = /(<KeyPackage>[\s\S]*<\/KeyPackage>)/.exec(await pskcOf(everyToken())) ?? [];
  const file = figure(6).replace(head, keyPackage + head);
  await expect(rowsOf(file)).rejects.toMatchObject({ reason: 'order' });
});

test('among encrypted keys none is in clear: whoever changes a file on its way puts none of their own there', async () => {
  const [first, second] = everyToken();
  if (first === undefined || second === undefined) throw new Error('there are no tokens');
  const sealed = await pskcOf([first], SHARED);
  const [clear = ''] = /<KeyPackage>[\s\S]*<\/KeyPackage>/.exec(await pskcOf([second])) ?? [];
  const added = sealed.replace('</KeyContainer>', `${clear}</KeyContainer>`);
  const replaced = sealed.replace(/<KeyPackage>[\s\S]*<\/KeyPackage>/, clear);
  for (const file of [added, replaced])
    await expect(rowsOf(file, SHARED)).rejects.toMatchObject({ reason: 'in-clear' });
  await expect(rowsOf(replaced)).rejects.toMatchObject({ reason: 'in-clear' });
});

test.each([
  ['PSKC', 3, pskcOf],
  ['CSV', 1, csvOf],
])('%s in clear is not what a password or a key was given for', async (_what, line, written) => {
  const file = await written(everyToken());
  expect(await rowsOf(file)).toHaveLength(everyToken().length);
  for (const secret of [PASSWORD, SHARED])
    await expect(rowsOf(file, secret)).rejects.toMatchObject({ reason: 'in-clear', line });
});

test.each([
  ['in clear', {}],
  ['under a password', { password: '合言葉 with space' }],
  ['under a key', { key: SHARED.key }],
])('every token is read as it was written, %s', async (_what, secret) => {
  const tokens = everyToken();
  const file = await pskcOf(tokens, secret);
  const rows = await rowsOf(file, secret, 7);
  expect(rows.map((row) => 'token' in row && row.token)).toEqual(tokens);
  const isClear = tokens.some(({ key }) => file.includes(Buffer.from(key).toString('base64')));
  expect(isClear).toBe(Object.keys(secret).length === 0);
});

test('no two files, and no two keys of a file, are encrypted alike', async () => {
  const [token] = everyToken();
  if (token === undefined) throw new Error('there is no token');
  const secret = { key: SHARED.key };
  const values = [await pskcOf([token, token], secret), await pskcOf([token], secret)].flatMap((file) => [
    ...file.matchAll(/<xenc:CipherValue>([^<]+)/g),
  ]);
  expect(new Set(values.map(([, value]) => value)).size).toBe(5);
});
