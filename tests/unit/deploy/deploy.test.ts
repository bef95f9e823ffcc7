import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFlags } from '../../../host/capacity.ts';
import { readSettings, SETTING_NAMES } from '../../../host/settings.ts';

/** What deployments start from agrees with the settings that there are. */

const DEPLOY = resolve(import.meta.dirname, '../../../deploy');
const read = (file: string) => readFileSync(join(DEPLOY, file), 'utf8');

const names = [...read('warifu.env').matchAll(/^#?([A-Z_]+(?:<(?:KEY|NAME)>)?)=/gm)].map(
  ([, name = '']) => name,
);
const IN_ENVIRONMENT = resolve(import.meta.dirname, '../../service/deploy/operate/bin/with-environment');
const inUnit = spawnSync(IN_ENVIRONMENT, [join(DEPLOY, 'warifu.env'), 'env'], {
  encoding: 'utf8',
  env: { PATH: process.env.PATH },
});
const environment = Object.fromEntries(
  inUnit.stdout
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

/** Each ends with an institution's key. */
const OF_INSTITUTIONS = ['WARIFU_API_KEY_<KEY>', 'WARIFU_STAFF_KEY_<KEY>', 'WARIFU_EVENTS_URL_<KEY>'];
/** Each ends with a database's name. */
const OF_DATABASES = ['DATABASE_URL_<NAME>', 'DATABASE_DIRECT_URL_<NAME>'];
/** Read by Node, and by OpenTelemetry's exporter. */
const OF_OTHERS = [
  'NODE_OPTIONS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_SERVICE_NAME',
];

describe('the environment file', () => {
  test('names every setting once, and nothing else', () => {
    const expected = [...SETTING_NAMES, ...OF_INSTITUTIONS, ...OF_DATABASES, ...OF_OTHERS];
    expect(names.sort()).toEqual(expected.sort());
  });

  test('is taken as it stands, and sets nothing that is unsafe', () => {
    const settings = readSettings(environment);
    expect(settings).toMatchObject({ memoryMb: 208, drainMs: 2_000, unsafeTestClock: false });
    expect(settings.trustedProxies.check('127.0.0.1')).toBe(true);
  });

  test('gives Node the heap that belongs to the memory, and so does the image', () => {
    const flags = nodeFlags(readSettings(environment).memoryMb, environment.DATABASE_URL).join(' ');
    expect(environment.NODE_OPTIONS).toBe(flags);
    expect(read('Containerfile')).toContain(`NODE_OPTIONS="${flags}"`);
  });
});

describe('the image', () => {
  const image = read('Containerfile');
  const set = Object.fromEntries(
    [...image.matchAll(/\b(WARIFU_[A-Z_]+)=(\S+)/g)].map(([, name = '', value]) => [name, value]),
  );

  test('lets the service and the bank be reached from outside', () => {
    const { host, bankHost, firstPort } = readSettings(set);
    expect([host, bankHost]).toEqual(['0.0.0.0', '0.0.0.0']);
    expect(image).toContain(`\nEXPOSE ${firstPort} ${firstPort + 1}\n`);
  });

  test('asks for the health of no part, as it does not know which one runs', () => {
    expect(image).not.toMatch(/^HEALTHCHECK/m);
  });
});

const units = readdirSync(join(DEPLOY, 'systemd'));
/** Of 100; systemd shows it as 3.0. */
const MOST_EXPOSED = 30;

describe.each(units)('%s', (unit) => {
  test('is hardened', () => {
    const checked = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', `--threshold=${MOST_EXPOSED}`, join(DEPLOY, 'systemd', unit)],
      { encoding: 'utf8' },
    );
    expect(checked.status, checked.stdout + checked.stderr).toBe(0);
  });

  test('reads the environment file and starts a part of the bundle', () => {
    const text = read(`systemd/${unit}`);
    expect(text).toMatch(/^EnvironmentFile=\/etc\/warifu\/warifu\.env$/m);
    expect(text).toMatch(/^ExecStart=\/usr\/local\/bin\/node (server|bank)\/main\.js$/m);
  });
});
