import { linkSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptText, readText } from '../../../host/key-file.ts';
import { directoryOf, readSettings } from '../../../host/settings.ts';

test('WARIFU_PORT is the first of three in a row, and the default directory follows it', () => {
  const settings = readSettings({ WARIFU_PORT: '4700' });
  expect(settings.tokenServiceUrl).toBe('http://127.0.0.1:4700');
  expect(directoryOf(settings).institutions[0]?.pageOrigins).toEqual(['http://aomoriken.localhost:4701']);
});

test.each(['x', '0', '65534', '4600.5', '４６００'])('WARIFU_PORT=%s is refused by its name', (port) => {
  expect(() => readSettings({ WARIFU_PORT: port })).toThrow(/^WARIFU_PORT must be a whole number from 1/);
});

test('the staff console is beside the banks, unless an origin is set', () => {
  expect(readSettings({ WARIFU_PORT: '4700' }).staffOrigin).toBe('http://staff.localhost:4701');
  const own = 'https://staff.example.jp';
  expect(readSettings({ WARIFU_STAFF_ORIGIN: own }).staffOrigin).toBe(own);
  for (const wrong of ['staff.example.jp', `${own}/`, `${own}/console`, 'ftp://staff.example.jp']) {
    expect(() => readSettings({ WARIFU_STAFF_ORIGIN: wrong })).toThrow(
      'WARIFU_STAFF_ORIGIN must be an origin',
    );
  }
});

test('a variable that is set to nothing is not set', () => {
  const { firstPort, dataFolder, serviceDatabaseUrl } = readSettings({
    WARIFU_PORT: '',
    WARIFU_DATA: '',
    DATABASE_URL: '',
  });
  expect({ firstPort, dataFolder, serviceDatabaseUrl }).toEqual({
    firstPort: 4600,
    dataFolder: './data',
    serviceDatabaseUrl: undefined,
  });
});

test('everything that is wrong is said at once', () => {
  const wrong = () => readSettings({ WARIFU_LOG: 'loud', WARIFU_MEMORY_MB: '12' });
  expect(wrong).toThrow(/WARIFU_LOG .*; WARIFU_MEMORY_MB must be a whole number from 160/);
});

test('a key file is made once, for its user alone, and leaves nothing beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-key-'));
  const file = join(folder, 'some.key');
  expect(readText(file)).toBeUndefined();
  expect(keptText(file, () => 'first')).toBe('first');
  expect(keptText(file, () => 'second')).toBe('first');
  expect(readdirSync(folder)).toEqual(['some.key']);
});

test('a key file that a process of the same number makes meanwhile, as containers on one volume do, is kept', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'warifu-key-')), 'some.key');
  const others = `${file}.${process.pid}`;
  const makeBesideAnother = () => {
    writeFileSync(others, 'first\n');
    linkSync(others, file);
    return 'second';
  };
  expect(keptText(file, makeBesideAnother)).toBe('first');
  expect(readFileSync(file, 'utf8')).toBe('first\n');
});
