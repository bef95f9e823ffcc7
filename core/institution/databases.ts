import { z } from 'zod';

/** The database of institutions that are in none by name. */
export const MAIN_DATABASE = 'main';

/** Databases by name, each with the keys of the institutions that are kept there and nowhere else. */
export const databasesSchema = z.record(z.string(), z.array(z.string()).min(1));

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

interface Placed {
  readonly institutions: readonly { readonly key: string; readonly serviceOrigin: string }[];
  readonly databases?: z.infer<typeof databasesSchema> | undefined;
}

/** The name of the database that an institution is kept in. */
export function databaseOf({ databases = {} }: Pick<Placed, 'databases'>, key: string): string {
  const [name = MAIN_DATABASE] =
    Object.entries(databases).find(([, institutions]) => institutions.includes(key)) ?? [];
  return name;
}

/** A mistake in `databases`. */
export interface Misplaced {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * Every institution is kept in one database, and those that share a service's origin in the same: what customers do there, such as
 * pairing, begins before it is known whose token it is for.
 */
export function misplaced(directory: Placed): Misplaced[] {
  const { institutions, databases = {} } = directory;
  return Object.entries(databases).flatMap(([name, keys]) => {
    if (name === MAIN_DATABASE || !NAME.test(name)) {
      const message = 'a name has small letters, digits and hyphens, and is not main';
      return [{ path: ['databases', name], message }];
    }
    return keys.flatMap((key, at) => {
      const issue = (message: string) => [{ path: ['databases', name, at], message }];
      const institution = institutions.find((one) => one.key === key);
      if (institution === undefined) return issue(`${key} is no institution of this directory`);
      if (databaseOf(directory, key) !== name || keys.indexOf(key) !== at)
        return issue(`${key} is named already`);
      const apart = institutions.find(
        (other) =>
          other.serviceOrigin === institution.serviceOrigin && databaseOf(directory, other.key) !== name,
      );
      return apart === undefined
        ? []
        : issue(`${key} has the serviceOrigin of ${apart.key}, which is not in this database`);
    });
  });
}
