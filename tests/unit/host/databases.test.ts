import { describe, expect, test } from 'vitest';
import { type Directory, directorySchema } from '../../../core/institution/directory.ts';
import { serviceDatabases } from '../../../host/databases.ts';
import { readSettings } from '../../../host/settings.ts';
import { twoInstitutions } from '../../service/cells-directory.ts';

const { akagi, senpoku } = twoInstitutions(4600);
const institutions = [akagi, senpoku];
const apart: Directory = { institutions, databases: { 'far-north': ['senpoku'] } };

const found = (directory: Directory, env: Record<string, string> = {}) =>
  serviceDatabases(readSettings(env), directory).map(({ name, directory, url, directUrl, folder }) => ({
    name,
    keys: directory.institutions.map(({ key }) => key),
    at: url ?? folder,
    ...(directUrl !== undefined && { directUrl }),
  }));

describe('the databases of the token service', () => {
  test('are one where the directory names none', () => {
    expect(found({ institutions }, { DATABASE_URL: 'a' })).toEqual([
      { name: 'main', keys: ['akagi', 'senpoku'], at: 'a' },
    ]);
  });

  test('have URLs by name', () => {
    const env = { DATABASE_URL: 'a', DATABASE_URL_FAR_NORTH: 'b', DATABASE_DIRECT_URL_FAR_NORTH: 'c' };
    expect(found(apart, env)).toEqual([
      { name: 'main', keys: ['akagi'], at: 'a' },
      { name: 'far-north', keys: ['senpoku'], at: 'b', directUrl: 'c' },
    ]);
  });

  test('or folders', () => {
    expect(found(apart, { WARIFU_DATA: '/d' })).toEqual([
      { name: 'main', keys: ['akagi'], at: '/d/service' },
      { name: 'far-north', keys: ['senpoku'], at: '/d/service-far-north' },
    ]);
  });

  test('are those that keep somebody', () => {
    const all = { institutions, databases: { north: ['akagi', 'senpoku'] } };
    expect(found(all, { DATABASE_URL_NORTH: 'b' })).toEqual([
      { name: 'north', keys: ['akagi', 'senpoku'], at: 'b' },
    ]);
  });

  test.each([
    [{ DATABASE_URL: 'a' }, 'DATABASE_URL_FAR_NORTH is not set'],
    [{ DATABASE_URL_FAR_NORTH: 'b' }, 'DATABASE_URL is not set'],
    [{ DATABASE_URL: 'a', DATABASE_URL_FAR_NORTH: 'a' }, 'DATABASE_URL_FAR_NORTH is the URL of another'],
  ])('%j is refused', (env, message) => {
    expect(() => found(apart, env)).toThrow(message);
  });
});

describe('in the directory', () => {
  const said = (directory: object) =>
    directorySchema
      .safeParse(directory)
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  test('an institution has an origin of its own there', () => {
    expect(said(apart)).toBeUndefined();
    const shared = { ...senpoku, serviceOrigin: akagi.serviceOrigin };
    expect(said({ ...apart, institutions: [akagi, shared] })).toEqual([
      'databases.far-north.0: senpoku has the serviceOrigin of akagi, which is not in this database',
    ]);
  });

  test.each<[object, string]>([
    [{ north: ['nobody'] }, 'databases.north.0: nobody is no institution of this directory'],
    [{ north: ['senpoku', 'senpoku'] }, 'databases.north.1: senpoku is named already'],
    [{ north: ['senpoku'], south: ['senpoku'] }, 'databases.south.0: senpoku is named already'],
    [{ main: ['senpoku'] }, 'databases.main: a name has small letters, digits and hyphens, and is not main'],
  ])('%j is refused', (databases, message) => {
    expect(said({ institutions, databases })).toEqual([message]);
  });
});
