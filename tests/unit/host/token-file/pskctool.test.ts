import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { codeOfCount } from '../../../../core/otp/hotp.ts';
import { codeAt, importKey } from '../../../../core/otp/totp.ts';
import { oathtool, pskctool } from '../../../oath-tools.ts';
import { everyToken, pskcOf, rowsOf } from './token-files.ts';

/** Files of ours in another's hands, and another's in ours. */

const NOW = Date.parse('2026-11-21T00:00:00Z');
const TOKENS = everyToken();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warifu-pskc-'));
});

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { encoding: 'utf8' });

test('pskctool reads every key, serial and parameter of what we write', async () => {
  const file = written('plain.xml', await pskcOf(TOKENS));
  const told = run(pskctool(), '--strict', '--info', file);
  const all = (label: RegExp) => [...told.matchAll(label)].map(([, value]) => value);
  expect(all(/SerialNo: (.*)/g)).toEqual(TOKENS.map(({ serial }) => serial));
  expect(all(/Key Secret \(base64\): (.*)/g)).toEqual(
    TOKENS.map(({ key }) => Buffer.from(key).toString('base64')),
  );
  expect(all(/Response Format Length: (.*)/g)).toEqual(
    TOKENS.map(({ parameters }) => `${parameters.digits}`),
  );
  expect(all(/Suite: HMAC-(.*)/g)).toEqual(
    TOKENS.map(({ parameters }) => parameters.algorithm.replace('-', '')),
  );
  expect(all(/Key Counter: (.*)/g)).toEqual(Array(6).fill('17'));
  expect(all(/Key TimeInterval: (.*)/g)).toEqual([...Array(6).fill('30'), ...Array(6).fill('60')]);
  expect(all(/Key TimeDrift: (.*)/g)).toEqual(Array(12).fill('2'));
  expect(all(/ExpiryDate: (.*)/g)).toEqual(Array(9).fill('2031-03-31 15:00:00'));
});

test.each([
  ['in clear', {}],
  ['under a password', { password: 'qwerty' }],
  ['under a key', { key: new Uint8Array(16).fill(9) }],
])('pskctool finds what we write valid against the schema, %s', async (_what, secret) => {
  const file = written('valid.xml', await pskcOf(TOKENS, secret));
  expect(run(pskctool(), '--validate', file)).toBe('OK\n');
});

test('we read what pskctool writes: the same tokens, signed', async () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=maker', '-days', '1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const file = written('to-sign.xml', await pskcOf(TOKENS));
  const signed = run(pskctool(), '--sign', '--sign-key', key, '--sign-crt', certificate, file);
  expect(signed).toContain('SignatureValue');
  const rows = await rowsOf(signed);
  expect(rows.map((row) => 'token' in row && row.token)).toEqual(TOKENS);
});

test('the codes of what we read are those of oathtool', async () => {
  const rows = await rowsOf(await pskcOf(TOKENS));
  expect(rows).toHaveLength(18);
  for (const row of rows) {
    if (!('token' in row)) throw new Error('a token was not read');
    const { parameters, key, nextCount } = row.token;
    const { algorithm, digits, period } = parameters;
    const how =
      period === null
        ? // oathtool counts with SHA-1 alone; a step is a count too
          [`--totp=${algorithm.replace('-', '').toLowerCase()}`, `-N@${nextCount * 30}`]
        : [`--totp=${algorithm.replace('-', '').toLowerCase()}`, `-s${period}s`, `-N@${NOW / 1000}`];
    const theirs = run(oathtool(), ...how, `-d${digits}`, Buffer.from(key).toString('hex')).trim();
    const ours =
      period === null
        ? await codeOfCount(await importKey(key, { algorithm, digits, period: 30 }), parameters, nextCount)
        : await codeAt(
            await importKey(key, { algorithm, digits, period }),
            { algorithm, digits, period },
            NOW,
          );
    expect(ours).toBe(theirs);
  }
});
