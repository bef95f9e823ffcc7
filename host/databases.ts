import { join } from 'node:path';
import { databaseOf, MAIN_DATABASE } from '../core/institution/databases.ts';
import type { Directory } from '../core/institution/directory.ts';
import { environmentName } from '../core/institution/environment.ts';
import type { Settings } from './settings.ts';

/** A database of the token service. */
export interface ServiceDatabase {
  /** `main`, or as in `databases` of the directory. */
  readonly name: string;
  /** Its institutions. */
  readonly directory: Directory;
  /** PostgreSQL; the built-in one in the folder without. */
  readonly url: string | undefined;
  /** Of the server itself, where the other one is that of a pooler. */
  readonly directUrl: string | undefined;
  readonly folder: string;
}

/**
 * The databases that the token service works on; only `main` where the directory names none.
 * @throws Error with a message for the operator if a URL is missing, or is that of two
 */
export function serviceDatabases(settings: Settings, directory: Directory): ServiceDatabase[] {
  const databases = [MAIN_DATABASE, ...Object.keys(directory.databases ?? {})]
    .map((name) => ({
      name,
      directory: {
        institutions: directory.institutions.filter(({ key }) => databaseOf(directory, key) === name),
      },
      ...placeOf(settings, name),
    }))
    .filter(({ directory: { institutions } }) => institutions.length > 0);
  const missing = databases.find(({ url }) => url === undefined);
  if (missing !== undefined && databases.some(({ url }) => url !== undefined)) {
    throw new Error(`${urlVariable(missing.name)} is not set, and the URL of another database is`);
  }
  const twice = databases.find(
    ({ url }, at) => url !== undefined && databases.findIndex((other) => other.url === url) < at,
  );
  if (twice !== undefined) throw new Error(`${urlVariable(twice.name)} is the URL of another database too`);
  return databases;
}

function placeOf(settings: Settings, name: string): Pick<ServiceDatabase, 'url' | 'directUrl' | 'folder'> {
  const inData = (folder: string) => join(settings.dataFolder, folder);
  if (name === MAIN_DATABASE) {
    return {
      url: settings.serviceDatabaseUrl,
      directUrl: settings.serviceDatabaseDirectUrl,
      folder: inData('service'),
    };
  }
  return {
    url: settings.databaseUrlOf(name),
    directUrl: settings.databaseDirectUrlOf(name),
    folder: inData(`service-${name}`),
  };
}

const urlVariable = (name: string) =>
  name === MAIN_DATABASE ? 'DATABASE_URL' : `DATABASE_URL_${environmentName(name)}`;
