import type { Factor } from '../../core/api/factor.ts';
import { read } from './read.ts';

/** What proves the customer in what a token of this device signs: its key, and what opened the vault. */
export async function factors(): Promise<readonly Factor[]> {
  const [entry] = await read(['keyring'], ({ store }) => store.getAll());
  return entry === undefined || entry.method === 'device' ? ['token-key'] : ['token-key', entry.method];
}
