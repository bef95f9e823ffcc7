import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

function listed() {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-sbom-'));
  execFileSync(process.execPath, ['sbom.ts'], { cwd: ROOT, env: { ...process.env, WARIFU_OUTPUT: folder } });
  return ['sbom.cdx.json', 'licences.txt'].map((name) => readFileSync(join(folder, name), 'utf8'));
}

test('the SBOM has every package of the product, each with an accepted licence, and the same bytes each time', () => {
  const [text = '', licences = ''] = listed();
  const sbom = JSON.parse(text);
  expect(sbom.bomFormat).toBe('CycloneDX');
  const names = sbom.components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(licences.trim().split('\n')).toHaveLength(names.length);
  expect(listed()).toEqual([text, licences]);
});
