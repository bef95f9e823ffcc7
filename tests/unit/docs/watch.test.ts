import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

/** Alerts and dashboard ask for what there is, and each alert says what to do. */

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const sources = ['host', 'server', 'bank'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join(folder, file))),
);
const known = new Set(
  sources.flatMap((text) => [...text.matchAll(/name: '(warifu_\w+)'/g)].map(([, name]) => name)),
);

const named = (text: string) =>
  [...text.matchAll(/warifu_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const { groups }: Rules = parse(read('deploy/prometheus/alerts.yml'));
const alerts = groups.flatMap(({ rules }) => rules);
const page = read('docs/WATCH.md');

test('there are metrics and alerts', () => {
  expect(known.size).toBeGreaterThan(15);
  expect(alerts.length).toBeGreaterThan(10);
});

describe.each(alerts)('$alert', ({ alert, expr }) => {
  test('asks for metrics that there are', () => {
    for (const name of named(expr)) expect(known).toContain(name);
  });

  test('has a section that says what to do', () => {
    const [, section = ''] = page.split(`### ${alert}\n`);
    expect(section.split('###')[0]?.trim().length).toBeGreaterThan(30);
  });
});

test('the dashboard asks for metrics that there are', () => {
  const asked = named(read('deploy/grafana/warifu.json')).filter((name) => name !== 'warifu_');
  expect(asked.length).toBeGreaterThan(10);
  for (const name of asked) expect(known).toContain(name);
});

test('the page lists every metric', () => {
  for (const name of known) {
    const last = name?.replace(/^warifu/, '') ?? '';
    expect(page.includes(`\`${name}\``) || page.includes(`\`${last}\``), name).toBe(true);
  }
});
