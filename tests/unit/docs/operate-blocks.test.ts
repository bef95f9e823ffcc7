import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

/** The blocks of OPERATE.md that change what is in use, pasted into a shell that goes on after a command that failed. */

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/OPERATE.md'), 'utf8');
const blocksUnder = (heading: string) => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  );
};

const CHAINED = [
  'Upgrade',
  'Back up and restore',
  'Change keys',
  'Drop old audit',
  'Institutions on databases of their own',
];

test.each(CHAINED.flatMap(blocksUnder))('stops at the first command that fails: %#', (block) => {
  const lines = block.trimEnd().split('\n');
  for (const line of lines.slice(0, -1)) expect(line).toMatch(/ (&&|\\)$/);
});

let machine: string;
const path = (file: string) => join(machine, file);
const read = (file: string) => readFileSync(path(file), 'utf8');
const put = (file: string, text: string, mode = 0o600) => writeFileSync(path(file), text, { mode });
const backups = () =>
  readdirSync(path('var/backups/warifu')).map((file) => read(`var/backups/warifu/${file}`));
const block = (command: string) => {
  const found = CHAINED.flatMap(blocksUnder).find((one) => one.includes(command));
  if (found === undefined) throw new Error(`no block has ${command}`);
  return found;
};
const paste = (text: string) =>
  spawnSync('bash', {
    input: text.replace(/\/(var\/|root\/)/g, `${machine}/$1`).replaceAll(' -o warifu -g warifu', ''),
    encoding: 'utf8',
    env: { PATH: `${machine}:${process.env.PATH}` },
  }).status;
const commandsAre = (status: number, names = ['warifu', 'systemctl']) =>
  names.forEach((name) => {
    put(name, `#!/bin/sh\necho ${name} "$@" >> ${machine}/run\nexit ${status}\n`, 0o755);
  });
const ran = () => read('run').trimEnd().split('\n');

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'warifu-operate-'));
  for (const folder of ['root', 'var/lib/warifu', 'var/backups/warifu']) {
    mkdirSync(path(folder), { recursive: true });
  }
});

describe('a backup', () => {
  const FILES = ['bank.dump', 'keys.tar.gz', 'service.dump'];
  const backUp = block('service.dump');

  beforeEach(() => {
    for (const file of FILES) put(`var/backups/warifu/${file}`, 'of yesterday\n');
    put('var/lib/warifu/master.key', 'the master key\n');
    commandsAre(0);
  });

  test.each([
    ['dump', 'runuser'],
    ['archive of keys', 'tar'],
    ['audit', 'warifu'],
  ])('whose %s fails leaves the one before as it was', (_, command) => {
    put('runuser', '#!/bin/sh\necho of today\n', 0o755);
    put(command, '#!/bin/sh\necho half\nexit 1\n', 0o755);
    expect(paste(backUp)).not.toBe(0);
    for (const file of FILES) expect(read(`var/backups/warifu/${file}`)).toBe('of yesterday\n');
  });

  test('takes the place of the one before', () => {
    put('runuser', '#!/bin/sh\necho of today\n', 0o755);
    expect(paste(backUp)).toBe(0);
    expect(readdirSync(path('var/backups/warifu/new'))).toEqual([]);
    for (const file of ['bank.dump', 'service.dump']) {
      expect(read(`var/backups/warifu/${file}`)).toBe('of today\n');
    }
    expect(read('var/backups/warifu/keys.tar.gz')).not.toBe('of yesterday\n');
  });
});

describe('a database', () => {
  test.each(['--dbname=warifu_restored', '--dbname=warifu_north'])(
    'is there whole or not at all: %s',
    (name) => {
      const restoring = block(name)
        .split('\n')
        .find((line) => line.includes('pg_restore'));
      expect(restoring).toContain('--exit-on-error --single-transaction');
    },
  );

  test.each(['audit verify --since', 'audit verify --part service'])(
    'has no nodes started on it where its audit is bad: %s',
    (command) => {
      put('warifu', '#!/bin/sh\n[ "$1" != audit ]\n', 0o755);
      commandsAre(0, ['systemctl']);
      put('run', 'nothing\n');
      expect(paste(block(command))).not.toBe(0);
      expect(ran()).toEqual(['nothing']);
    },
  );
});

describe('a key', () => {
  beforeEach(() => {
    for (const key of ['bank', 'master']) put(`var/lib/warifu/${key}.key`, `the ${key} key in use\n`);
  });

  test('of the bank is kept where the database cannot be handed over, also when the block is pasted again', () => {
    const rotation = block('warifu bank-key rotate');
    commandsAre(2);
    for (const _ of [0, 1]) {
      expect(paste(rotation)).not.toBe(0);
      expect(read('var/lib/warifu/bank-previous.key')).toBe('the bank key in use\n');
    }
    expect(ran()).toEqual(['warifu bank-key rotate']);
    expect(backups()).toEqual([]);

    commandsAre(0);
    const next = read('var/lib/warifu/bank.key');
    expect(paste(`cd /var/lib/warifu\n${rotation.slice(rotation.indexOf('warifu bank-key rotate'))}`)).toBe(
      0,
    );
    expect([read('var/lib/warifu/bank.key'), backups()]).toEqual([next, ['the bank key in use\n']]);
    expect(next).toMatch(/^[\w-]{43}=?\n$/);
  });

  test('that seals is kept where the block is pasted again, and where nodes do not start', () => {
    const [prepare, switching] = [block('> /root/master-next.key'), block('master-next.key master.key')];
    commandsAre(0);
    expect(paste(prepare)).toBe(0);
    const next = read('root/master-next.key');
    commandsAre(1);
    for (const _ of [0, 1]) {
      expect(paste(switching)).not.toBe(0);
      expect(read('var/lib/warifu/master-previous.key')).toBe('the master key in use\n');
      expect(read('var/lib/warifu/master.key')).toBe(next);
    }
    const nodes = ['systemctl restart warifu-service@4600', 'systemctl restart warifu-service@4610'];
    expect(ran()).toEqual([...nodes, nodes[0]]);
  });

  test('that seals is not used for what there is in the block that each machine is to come through first', () => {
    expect(block('master-next.key master.key')).not.toContain('warifu master-key rotate');
    expect(block('warifu master-key rotate')).toBe('warifu master-key rotate\n');
  });

  test('that was taken out of use is kept beside those of the years before', () => {
    const last = block('/var/backups/warifu/master');
    commandsAre(0);
    put('var/backups/warifu/master-previous.key', 'of the year before\n');
    put('var/lib/warifu/master-previous.key', 'of this year\n');
    put('root/master-next.key', 'in use\n');
    expect(paste(last)).toBe(0);
    expect(backups().sort()).toEqual(['of the year before\n', 'of this year\n']);
  });
});
