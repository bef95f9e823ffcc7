import type { PinnedInstitution, PublicJwk } from './core/institution/directory.ts';
import { FIRST_PORT } from './core/institution/ports.ts';
import { loadDirectory } from './server/directory.ts';
import { loadSigningKey } from './server/keys.ts';

/**
 * The institutions a build is for, with their service's public key pinned: `WARIFU_SERVICE_KEY` (a public JWK), or the
 * key that the service in the data folder uses.
 */
export async function pinnedInstitutions(): Promise<PinnedInstitution[]> {
  const { WARIFU_DIRECTORY, WARIFU_PORT, WARIFU_DATA, WARIFU_SIGNING_KEY, WARIFU_SERVICE_KEY } = process.env;
  const directory = loadDirectory(WARIFU_DIRECTORY, Number(WARIFU_PORT ?? FIRST_PORT));
  const jwk =
    WARIFU_SERVICE_KEY === undefined
      ? (await loadSigningKey(WARIFU_DATA ?? './data', WARIFU_SIGNING_KEY)).publicJwk
      : JSON.parse(WARIFU_SERVICE_KEY);
  const { x, y } = jwk;
  const serviceKey: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  return directory.institutions.map((institution) => ({ ...institution, serviceKey }));
}

/** What a build puts into the code: all of the institutions, and the little of them that the popup shows. */
export async function buildConstants(): Promise<Record<string, string>> {
  const institutions = await pinnedInstitutions();
  const faces = institutions.map(({ key, nameEn, accent, contact }) => [key, { nameEn, accent, contact }]);
  return {
    __WARIFU_INSTITUTIONS__: JSON.stringify(institutions),
    __WARIFU_FACES__: JSON.stringify(Object.fromEntries(faces)),
  };
}
