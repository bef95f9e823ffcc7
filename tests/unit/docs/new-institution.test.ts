import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { institutionSchema } from '../../../core/institution/directory.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Names of all members of a schema, with those of what they hold. */
function members({ properties = {}, items, anyOf = [], oneOf = [] }: Schema, within = ''): string[] {
  const here = Object.entries(properties).flatMap(([name, schema]) => [
    `${within}${name}`,
    ...members(schema, `${within}${name}.`),
  ]);
  const inside = [items, ...anyOf, ...oneOf].flatMap((schema) => (schema ? members(schema, within) : []));
  return [...new Set([...here, ...inside])];
}

test('NEW-INSTITUTION.md tells of every member of an entry; of those of the policy PROTOCOL.md does', () => {
  const table = readFileSync('docs/NEW-INSTITUTION.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|')[1])
    .join();
  const listed = [...table.matchAll(/`([\w.]+)`/g)].map(([, name]) => name);
  const all = members(z.toJSONSchema(institutionSchema) as Schema);
  expect(all.length).toBeGreaterThan(25);
  expect(all.filter((name) => !name.startsWith('policy.') && !listed.includes(name))).toEqual([]);
});
