import type { Hono } from 'hono';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import { createWaiters, type Waiters } from '../web/waiters.ts';
import { createAnser } from './anser/app.ts';
import { createShinkin } from './shinkin/app.ts';

type Family = Institution['family'];
type CreatePages = (dependencies: BankDependencies, waiters: Waiters) => Hono<BankEnv>;

const PAGES: Readonly<Record<Family, CreatePages>> = { ANSER: createAnser, SHINKIN: createShinkin };

/**
 * The pages of each family in the directory. An institution is never shown another family's pages. All families together
 * have as many pages wait as the node has places for.
 */
export function createFamilies(dependencies: BankDependencies): ReadonlyMap<Family, Hono<BankEnv>> {
  const waiters = createWaiters(dependencies.capacity.waiters);
  const pages = new Map<Family, Hono<BankEnv>>();
  for (const { family } of dependencies.directory.institutions) {
    if (!pages.has(family)) pages.set(family, PAGES[family](dependencies, waiters));
  }
  return pages;
}
