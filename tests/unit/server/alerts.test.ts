import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { registry } from '../../../host/metrics.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';

/** Of a series that begins with its first event, Prometheus sees no increase by that event. */

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const file = resolve(import.meta.dirname, '../../../deploy/prometheus/alerts.yml');
const { groups }: Rules = parse(readFileSync(file, 'utf8'));

/** The counters whose increase an alert asks for, with the values of a label that it names. */
const asked = groups
  .flatMap(({ rules }) => rules)
  .flatMap(({ alert, expr }) =>
    [...expr.matchAll(/(?:rate|increase)\((warifu_\w+_total)(?:\{([^}]*)\})?\[/g)].map(
      ([, name = '', matchers = '']) => ({
        alert,
        name,
        wanted: [...matchers.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, label = '', values = '']) => ({
          label,
          values: values.split('|'),
        })),
      }),
    ),
  );

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

test('alerts ask for the increase of counters', () => {
  expect(asked.length).toBeGreaterThan(6);
});

test.each(asked)('$alert fires for the first event: $name is there before it', async ({ name, wanted }) => {
  const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
  const keys = service.dependencies.directory.institutions.map(({ key }) => key);
  const institutions = values.some(({ labels }) => 'institution' in labels) ? keys : [undefined];
  const sets = wanted.reduce<Record<string, string>[]>(
    (before, { label, values: some }) =>
      before.flatMap((set) => some.map((one) => ({ ...set, [label]: one }))),
    [{}],
  );
  for (const institution of institutions) {
    for (const set of sets) {
      const labels = { ...set, ...(institution !== undefined && { institution }) };
      expect(values).toContainEqual(
        expect.objectContaining({ value: 0, labels: expect.objectContaining(labels) }),
      );
    }
  }
});
