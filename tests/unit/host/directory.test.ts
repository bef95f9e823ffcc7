import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Institution } from '../../../core/institution/directory.ts';
import { lineOf, loadDirectory } from '../../../host/directory.ts';

const file = join(mkdtempSync(join(tmpdir(), 'warifu-directory-')), 'directory.json');
const [first, second] = loadDirectory(undefined, 4600).institutions as [Institution, Institution];
const { rules, ...lacksRules } = second;

/** Writes a directory as people do, and says which line has some text last. */
function write(directory: object): (part: string) => number {
  const text = JSON.stringify(directory, null, 2);
  writeFileSync(file, text);
  return (part) => text.split('\n').findLastIndex((line) => line.includes(part)) + 1;
}

const load = () => loadDirectory(file, 4600);

describe('a directory that is wrong is refused with its line', () => {
  test('not where it is right', () => {
    write({ institutions: [first, second] });
    expect(load().institutions.map(({ key }) => key)).toEqual([first.key, second.key]);
  });

  test.each<[string, object, string]>([
    ['a lock after no failure', { policy: { wrongCodesToLock: 0 } }, 'wrongCodesToLock'],
    ['a window of 50 steps', { policy: { idleMinutes: 3, windowSteps: 50 } }, 'windowSteps'],
    [
      'a policy that contradicts what others are usually',
      { policy: { idleMinutes: 3, resyncCounts: 10, windowSteps: 2 } },
      'resyncCounts',
    ],
    ['a policy there is not', { policy: { windowStep: 1 } }, 'windowStep'],
    ['a token there is not', { tokenKind: 'card' }, 'tokenKind'],
    ['a hardware token, which is imported and not issued', { tokenKind: 'hardware-totp' }, 'tokenKind'],
    ['the same with a button', { tokenKind: 'hardware-hotp' }, 'tokenKind'],
    [
      'ANSER pages with tokens that they do not register',
      { family: 'ANSER', tokenKind: 'serial' },
      'tokenKind',
    ],
    ['a member there is not', { colour: '#ff0000' }, 'colour'],
    ['a colour by its name', { accent: 'yellow' }, 'accent'],
    ['a service by its page', { serviceOrigin: 'https://otp.example/v1' }, 'serviceOrigin'],
    ['a family there is not', { family: 'OTHER' }, 'family'],
    [
      'しんきん pages with tokens that they do not issue',
      { family: 'SHINKIN', tokenKind: undefined },
      'family',
    ],
    ['the same, said', { family: 'SHINKIN', tokenKind: 'software' }, 'family'],
    ['a name longer than transfers carry', { name: '信'.repeat(31) }, 'name'],
    ['a name of what transfers do not carry', { name: '★信用組合' }, 'name'],
    ['a rule of another kind', { rules: { ...rules, emailPassword: 'yes' } }, 'emailPassword'],
    ['a wait of centuries', { rules: { ...rules, reissueAfterDays: 100_000 } }, 'reissueAfterDays'],
    ['the same before a limit', { rules: { ...rules, limitChangeAfterDays: 366 } }, 'limitChangeAfterDays'],
    ['more yen than a transfer carries', { rules: { ...rules, dailyLimitMost: 1e10 } }, 'dailyLimitMost'],
    ['the same by a hardware token', { rules: { ...rules, hardwareLimit: 1e12 } }, 'hardwareLimit'],
    [
      'a limit before the OTP that is above the contract’s',
      { rules: { ...rules, dailyLimitWithoutOtp: 300_000, dailyLimitMost: 200_000 } },
      'dailyLimitWithoutOtp',
    ],
    ['a way that nobody goes', { rules: { ...rules, release: [{ by: 'letter' }] } }, 'by'],
    ['the key of another', { key: first.key }, 'key'],
    ['the サービスID of another', { serviceId: first.serviceId }, 'serviceId'],
    ['the 金融機関コード of another', { bankCode: first.bankCode }, 'bankCode'],
    [
      'the 金融機関コード of another on its origin',
      { bankCode: first.bankCode, pageOrigins: first.pageOrigins },
      'bankCode',
    ],
    ['the name of another on its origin', { name: first.name, pageOrigins: first.pageOrigins }, 'name'],
  ])('%s', (_what, changes, member) => {
    const lineWith = write({ institutions: [first, { ...second, ...changes }] });
    expect(load).toThrow(`${file}:${lineWith(`"${member}":`)}: institutions.1.`);
  });

  test('an origin with a path', () => {
    const pageOrigins = ['https://ib.example', 'https://ib.example/9909'];
    const lineWith = write({ institutions: [first, { ...second, pageOrigins }] });
    const place = `${file}:${lineWith('/9909')}: institutions.1.pageOrigins.1`;
    expect(load).toThrow(`${place}: must be an origin`);
  });

  test('a member that is missing: the line where its institution begins', () => {
    const lineWith = write({ institutions: [first, lacksRules] });
    const begins = lineWith(`"key": "${second.key}"`) - 1;
    expect(load).toThrow(`${file}:${begins}: institutions.1.rules`);
  });

  test('one in preparation with the code of one that is there', () => {
    const { key, bankCode, name, nameEn, family, pageOrigins, accent, contact } = second;
    const announced = { key: 'soon', bankCode, name, nameEn, family, pageOrigins, accent, contact };
    const lineWith = write({ institutions: [first, second], preparing: [announced] });
    const line = lineWith('"bankCode":');
    expect(load).toThrow(`${file}:${line}: preparing.0.bankCode: is the bankCode of ${key} already`);
  });

  test('two of one name at origins of their own are told apart by those', () => {
    write({ institutions: [first, { ...second, name: first.name }] });
    expect(load().institutions).toHaveLength(2);
  });

  test.each([
    ['a bracket of the wrong kind', '{\n "institutions": [ }', 2, 'not JSON'],
    ['a comma too many', '{\n "institutions": [\n  1,\n ]\n}', 4, 'not JSON'],
    ['a comment', '{\n // ours\n "institutions": []\n}', 2, 'not JSON'],
    ['nothing', '', 1, 'not JSON'],
    ['a member that stands twice', '{\n "institutions": [],\n "institutions": []\n}', 3, 'second time'],
  ])('%s', (_what, text, line, message) => {
    writeFileSync(file, text);
    expect(load).toThrow(new RegExp(`directory\\.json:${line}: .*${message}`));
  });
});

describe('the line of a value', () => {
  test('is found in whatever JSON there is', () => {
    const keys = fc.oneof(fc.string(), fc.constantFrom('{', '"', '\\', ',', 'a:b', '__proto__'));
    const nested = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value')),
        fc.dictionary(keys, tie('value'), { noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(nested, nested, keys, (before, after, key) => {
        fc.pre(key !== '__proto__');
        const text = JSON.stringify([before, { x: after, [key]: { needle: 1, after } }], null, 1);
        const line = text.split('\n').findIndex((one) => one.includes('"needle": 1')) + 1;
        fc.pre(text.split('"needle": 1').length === 2);
        expect(lineOf(text, [1, key, 'needle'])).toBe(line);
      }),
    );
  });

  test('is that of what is around it, where it is not there', () => {
    expect(lineOf('{\n"a": [\n1,\n{\n"b": 2}]}', ['a', 1, 'c'])).toBe(4);
    expect(lineOf('{\n"a": 1}', ['b'])).toBe(1);
  });
});
