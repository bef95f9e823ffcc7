import { write } from './write.ts';

/** Takes over the 有効期限 that the service signed. Name, place and keys stay; a token that is gone stays gone. */
export function keepExpiry(id: string, expiresAt: number): Promise<void> {
  return write(['tokens', 'summaries'], async (tx) => {
    const record = await tx.objectStore('tokens').get(id);
    const summary = await tx.objectStore('summaries').get(id);
    if (record === undefined || summary === undefined) return;
    await tx.objectStore('tokens').put({ ...record, expiresAt });
    await tx.objectStore('summaries').put({ ...summary, expiresAt });
  });
}

/** The token was registered at the bank: until when it could be is of no use any more. */
export function keepRegistered(id: string): Promise<void> {
  return write(['tokens', 'summaries'], async (tx) => {
    const record = await tx.objectStore('tokens').get(id);
    const summary = await tx.objectStore('summaries').get(id);
    if (record === undefined || summary === undefined) return;
    const { bindBy: _record, ...registered } = record;
    const { bindBy: _summary, ...shown } = summary;
    await tx.objectStore('tokens').put(registered);
    await tx.objectStore('summaries').put(shown);
  });
}
