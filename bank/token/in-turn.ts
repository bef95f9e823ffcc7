import type { Directory, Institution } from '../../core/institution/directory.ts';

/**
 * Works through rows of several institutions. One whose token service does not answer is not asked again in the same round.
 * @param ask returns false if the token service does not answer
 */
export async function inTurn<Row extends { readonly institution: string }>(
  { institutions }: Directory,
  rows: readonly Row[],
  ask: (institution: Institution, row: Row) => Promise<boolean>,
): Promise<void> {
  const answering = new Map(institutions.map((institution) => [institution.key, institution]));
  for (const row of rows) {
    const institution = answering.get(row.institution);
    if (institution !== undefined && !(await ask(institution, row))) answering.delete(institution.key);
  }
}
