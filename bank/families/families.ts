import type { Hono } from 'hono';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import type { RequestWakes } from '../request/wakes.ts';
import { createAnser } from './anser/app.ts';

type Family = Institution['family'];
type CreatePages = (dependencies: BankDependencies, wakes: RequestWakes) => Hono<BankEnv>;

const PAGES: Readonly<Partial<Record<Family, CreatePages>>> = { ANSER: createAnser };

/**
 * The pages of each family that the directory has. None is shown another's.
 * @throws Error naming the institution, where its family has no pages
 */
export function createFamilies(
  dependencies: BankDependencies,
  wakes: RequestWakes,
): ReadonlyMap<Family, Hono<BankEnv>> {
  const pages = new Map<Family, Hono<BankEnv>>();
  for (const { key, family } of dependencies.directory.institutions) {
    const create = PAGES[family];
    if (create === undefined) {
      throw new Error(`directory: ${key}: the bank has no pages for the family ${family}`);
    }
    if (!pages.has(family)) pages.set(family, create(dependencies, wakes));
  }
  return pages;
}
