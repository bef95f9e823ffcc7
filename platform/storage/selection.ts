import { write } from './write.ts';

/** Makes a token the one that is shown first. */
export async function select(id: string): Promise<void> {
  await write(['settings'], ({ store }) => store.put(id, 'selected'));
}
