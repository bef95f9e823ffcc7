/**
 * A code as a person types it, brought to plain digits: full-width digits become half-width, and the spaces and
 * hyphens people put between groups go.
 */
export function normaliseDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\u2010-\u2015\u2212ー-]/g, '');
}
