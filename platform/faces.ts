import type { InstitutionFace } from '../core/institution/guide.ts';

/** The part of the directory that the popup needs, by the institution's key. The build inserts it. */
declare const __WARIFU_FACES__: Readonly<Record<string, InstitutionFace>>;

const faces = __WARIFU_FACES__;

export const institutionKeys: readonly string[] = Object.keys(faces);

/** What is shown of an institution; undefined if it is no longer in the directory. */
export function institutionFace(key: string): InstitutionFace | undefined {
  return faces[key];
}
