import { afterEach, expect, test, vi } from 'vitest';
import { pinnedInstitutions } from '../../pinned-institutions.ts';

afterEach(() => vi.unstubAllEnvs());

test('a build pins the next key too, where the signing key is rotated', async () => {
  const jwk = (x: string) => ({ kty: 'EC', crv: 'P-256', x, y: 'y' });
  vi.stubEnv('WARIFU_SERVICE_KEY', JSON.stringify(jwk('present')));
  vi.stubEnv('WARIFU_SERVICE_KEY_NEXT', JSON.stringify({ ...jwk('next'), d: 'private' }));
  const [institution] = await pinnedInstitutions();
  expect(institution).toMatchObject({ serviceKey: jwk('present'), nextServiceKey: jwk('next') });
  expect(JSON.stringify(institution)).not.toContain('private');
});

test('a build holds nothing of what staff ask callers', async () => {
  vi.stubEnv('WARIFU_SERVICE_KEY', JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }));
  vi.stubEnv('WARIFU_DIRECTORY', undefined);
  const institutions = await pinnedInstitutions();
  expect(institutions.length).toBeGreaterThan(0);
  expect(JSON.stringify(institutions)).not.toContain('callerQuestions');
});
