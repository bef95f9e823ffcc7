import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openMemory } from '../../server/store/database.ts';
import { takeSnapshot } from './snapshot.ts';
import { staffActs } from './staff-acts.ts';
import { confirmations } from './test-confirmation.ts';
import { createTestService, wrongCode } from './test-service.ts';

/**
 * Saves what today's token service leaves in its database: a token in every state, and confirmations. Run
 * `node tests/service/save-snapshot.ts` before a migration is written; the file is named after the last one there is.
 */

const FOLDER = new URL('../unit/server/snapshots/', import.meta.url);

const TABLES = [
  'api_keys',
  'tokens',
  'confirmations',
  'events',
  'idempotency',
  'audit',
  'stranger_counts',
  'key_checks',
];

async function main(): Promise<void> {
  const database = await openMemory();
  const service = await createTestService(database);
  const { ask, decide } = confirmations(service);
  await service.issue();
  await service.enrol();

  const active = await service.active();
  const asked = await ask(active);
  await decide(active, asked, 'confirmed');
  await ask(active);

  const locked = await service.active();
  const wrong = await wrongCode(locked);
  for (let attempt = 0; attempt < 10; attempt += 1) await service.present('verify', locked, wrong);

  const suspended = await service.active();
  await decide(suspended, await ask(suspended), 'not-me');

  const released = await service.active();
  await service.present('release', released, await released.code());

  const broken = await service.issue();
  await service.bank('POST', `/v1/tokens/${broken.userId}/void`);

  const { done, make } = staffActs(service);
  await done('suspend', await service.issue());
  await done('replace', await make.locked());

  // Tokens of another institution, and of one that has left the directory.
  for (const institution of ['akita', 'gone']) {
    const { tokenId } = await service.enrol();
    await sql`update tokens set institution = ${institution} where id = ${tokenId}`.execute(database.db);
  }

  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name desc limit 1`.execute(database.db);
  const head = {
    /** Of this snapshot alone, and public. */
    keys: { master: readFileSync(join(service.folder, 'master.key'), 'utf8'), api: service.apiKey },
    active: {
      userId: active.userId,
      keyHex: Buffer.from(active.key).toString('hex'),
      signingKey: await active.token.saveKey(),
    },
  };
  const lines = [head, ...(await takeSnapshot(database.db, TABLES))].map((line) => JSON.stringify(line));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(`${rows[0]?.name}.jsonl`, FOLDER), `${lines.join('\n')}\n`);
  await database.close();
}

await main();
