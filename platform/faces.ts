import type { InstitutionFace } from '../core/institution/guide.ts';

/** Put in by the build: the little of the directory that the popup needs, by the institution's key. */
declare const __WARIFU_FACES__: Readonly<Record<string, InstitutionFace>>;

/** What is shown of an institution; undefined for one that is no longer in the directory. */
export function institutionFace(key: string): InstitutionFace | undefined {
  return __WARIFU_FACES__[key];
}
