import type { PinnedInstitution } from '../core/institution/directory.ts';

/** The build inserts it from its directory. */
declare const __WARIFU_INSTITUTIONS__: readonly PinnedInstitution[];

export const institutions: readonly PinnedInstitution[] = __WARIFU_INSTITUTIONS__;

export function institutionByKey(key: string): PinnedInstitution | undefined {
  return institutions.find((institution) => institution.key === key);
}

export function institutionByServiceId(serviceId: string): PinnedInstitution | undefined {
  return institutions.find((institution) => institution.serviceId === serviceId);
}
