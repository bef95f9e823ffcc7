import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

/** The operators' command that OPERATE.md installs, with a stand-in for systemd that reads the environment file by its rules. */

const ROOT = resolve(import.meta.dirname, '../../..');
const STAND_INS = join(ROOT, 'tests/service/deploy/operate/bin');

const VALUES = {
  DATABASE_URL:
    'postgres://warifu:pa$$word$HOME@10.0.0.9/warifu?sslmode=verify-full&sslrootcert=/etc/warifu/ca.pem',
  WARIFU_SIGNING_KEY: '{"kty":"EC","crv":"P-256","x":"a b"}',
  WARIFU_STAFF_ORIGIN: 'https://staff.bank.example',
};
const FILE = `
# A comment, with 'one quote
DATABASE_URL=${VALUES.DATABASE_URL}
WARIFU_SIGNING_KEY=${VALUES.WARIFU_SIGNING_KEY}
WARIFU_STAFF_ORIGIN='${VALUES.WARIFU_STAFF_ORIGIN}'  
NODE_OPTIONS="--disable-warning=ExperimentalWarning --max-old-space-size=97"
`;
const MAIN = `
const { argv, env } = process;
const given = require('node:fs').readFileSync(0, 'utf8');
console.log(JSON.stringify({ words: argv.slice(2), env, given }));
process.exitCode = 2;
`;

let machine: string;
beforeAll(() => {
  machine = mkdtempSync(join(tmpdir(), 'warifu-command-'));
  mkdirSync(join(machine, 'command'));
  writeFileSync(join(machine, 'command/main.js'), MAIN);
  writeFileSync(join(machine, 'warifu.env'), FILE);
  const page = readFileSync(join(ROOT, 'docs/OPERATE.md'), 'utf8');
  const [, command = ''] = /^cat > \/usr\/local\/bin\/warifu <<'END'\n([\s\S]*?)^END$/m.exec(page) ?? [];
  const here = command
    .replace('/etc/warifu/warifu.env', join(machine, 'warifu.env'))
    .replace('/opt/warifu/current', machine)
    .replace('/usr/local/bin/node', process.execPath)
    .replace(/ --(re)?uid=warifu --(re)?gid=warifu( --clear-groups)?/, '');
  writeFileSync(join(machine, 'warifu'), here, { mode: 0o755 });
});

test('has the settings that the units have, the words it is given, standard input, and its own exit code', () => {
  const words = ['key', 'revoke', '--reason', 'costs $5, $HOME and $$', '', `it's "so" \\n`, '50 %i'];
  const { stdout, stderr, status } = spawnSync(join(machine, 'warifu'), words, {
    encoding: 'utf8',
    input: 'a password\n',
    env: { PATH: [STAND_INS, process.env.PATH].join(delimiter) },
  });
  expect(stderr).toBe('');
  const ran = JSON.parse(stdout);
  expect(ran).toMatchObject({ words, env: VALUES, given: 'a password\n' });
  expect(ran.env).not.toHaveProperty('NODE_OPTIONS');
  expect(status).toBe(2);
});
