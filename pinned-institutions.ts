import { pageScreens } from './core/autofill/page-screens.ts';
import type { PinnedInstitution, PublicJwk } from './core/institution/directory.ts';
import { policyOf } from './core/institution/policy.ts';
import { directoryOf, readSettings, type Settings } from './host/settings.ts';
import { loadSigningKey, nextSigningKey } from './server/signing-key.ts';

/**
 * The institutions a build is for, each with its service's public key pinned, and the next one while it is rotated:
 * `WARIFU_SERVICE_KEY` and `WARIFU_SERVICE_KEY_NEXT` (public JWKs), or the keys that the service in the data folder uses. A
 * build contains none of the questions that staff ask callers.
 */
export async function pinnedInstitutions(): Promise<PinnedInstitution[]> {
  const settings = readSettings(process.env);
  const directory = directoryOf(settings);
  const keys = await pinnedKeys(settings);
  return directory.institutions.map(
    ({ look: _, rules: { callerQuestions: __, ...rules }, ...institution }) => ({
      ...institution,
      policy: policyOf(institution),
      rules,
      ...keys,
    }),
  );
}

async function pinnedKeys(
  settings: Settings,
): Promise<Pick<PinnedInstitution, 'serviceKey' | 'nextServiceKey'>> {
  const { serviceKey, serviceKeyNext } = settings;
  const present =
    serviceKey === undefined ? (await loadSigningKey(settings)).publicJwk : publicKey(serviceKey);
  const next = serviceKey === undefined ? nextSigningKey(settings) : undefined;
  const nextServiceKey = serviceKeyNext === undefined ? next : publicKey(serviceKeyNext);
  return { serviceKey: present, ...(nextServiceKey !== undefined && { nextServiceKey }) };
}

function publicKey(text: string): PublicJwk {
  const { x, y } = JSON.parse(text);
  return { kty: 'EC', crv: 'P-256', x, y };
}

/** Constants that a build puts into the code: all institutions, and the short form that pages and the popup need. */
export async function buildConstants(): Promise<Record<string, string>> {
  const institutions = await pinnedInstitutions();
  const faces = institutions.map((institution) => {
    const { key, nameEn, family, accent, contact, reportsRefusedFills } = institution;
    const { warnDays } = policyOf(institution);
    return [key, { nameEn, family, accent, contact, reportsRefusedFills, warnDays }];
  });
  const { rules, words } = pageScreens(institutions);
  return {
    __WARIFU_INSTITUTIONS__: JSON.stringify(institutions),
    __WARIFU_SCREENS__: JSON.stringify(rules),
    __WARIFU_WORDS__: JSON.stringify(words),
    __WARIFU_FACES__: JSON.stringify(Object.fromEntries(faces)),
  };
}
