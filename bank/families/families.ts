import type { Hono } from 'hono';
import type { Directory, Institution } from '../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import type { TransferChanges } from '../transfer/changes.ts';
import { createAnser } from './anser/app.ts';

type Family = Institution['family'];
type CreatePages = (dependencies: BankDependencies, changes: TransferChanges) => Hono<BankEnv>;

const PAGES: Readonly<Partial<Record<Family, CreatePages>>> = { ANSER: createAnser };

/**
 * The pages of each family that the directory has. None is shown another's.
 * @throws Error naming the institution, where its family has no pages
 */
export function createFamilies(
  dependencies: BankDependencies,
  changes: TransferChanges,
): ReadonlyMap<Family, Hono<BankEnv>> {
  checkFamilies(dependencies.directory);
  const families = new Set(dependencies.directory.institutions.map(({ family }) => family));
  return new Map(
    [...families].flatMap((family) => {
      const create = PAGES[family];
      return create === undefined ? [] : [[family, create(dependencies, changes)] as const];
    }),
  );
}

function checkFamilies({ institutions }: Directory): void {
  for (const { key, family } of institutions) {
    if (PAGES[family] === undefined) {
      throw new Error(`directory: ${key}: the bank has no pages for the family ${family}`);
    }
  }
}
