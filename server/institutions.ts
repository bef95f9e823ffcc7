import type { Context } from 'hono';
import type { Institution } from '../core/institution/directory.ts';
import type { ServiceDependencies, ServiceEnv } from './context.ts';
import { ProblemError } from './problem.ts';
import type { ConfirmationRow, TokenRow } from './store/schema.ts';

/** An institution by its key. @throws ProblemError unauthorized if it is no longer in the directory */
export function institutionOf(
  { directory }: Pick<ServiceDependencies, 'directory'>,
  key: string,
): Institution {
  const institution = directory.institutions.find((candidate) => candidate.key === key);
  if (institution === undefined) throw new ProblemError('unauthorized');
  return institution;
}

/** The origins at which this service is reached. */
export function serviceOrigins({ directory }: Pick<ServiceDependencies, 'directory'>): string[] {
  return [...new Set(directory.institutions.map(({ serviceOrigin }) => serviceOrigin))];
}

/** The token that a request names or whose key signed its proof, as it was at admission. @throws ProblemError token_unknown */
export function namedToken(c: Context<ServiceEnv>): TokenRow {
  const row = c.get('token');
  if (row === undefined) throw new ProblemError('token_unknown');
  return row;
}

/** The confirmation that a request names, as it was at admission. @throws ProblemError not_found */
export function namedConfirmation(c: Context<ServiceEnv>): ConfirmationRow {
  const { id } = namedToken(c);
  const row = c.get('confirmation');
  if (row?.token_id !== id) throw new ProblemError('not_found', 'No such confirmation');
  return row;
}
