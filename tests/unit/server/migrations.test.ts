import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, test } from 'vitest';
import type { TokenStatus } from '../../../core/api/bank.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import { codeAt, importKey } from '../../../core/otp/totp.ts';
import { linkEntries } from '../../../host/audit/link.ts';
import { pgliteDialect } from '../../../host/pglite.ts';
import { createWakes } from '../../../host/wakes.ts';
import { openFolder } from '../../../server/store/database.ts';
import { migrationsFor } from '../../../server/store/migrations.ts';
import type { Schema } from '../../../server/store/schema.ts';
import { SENPOKU } from '../../institutions.ts';
import { judge, newAudit } from '../../service/audit-entries.ts';
import { newPglite } from '../../service/memory.ts';
import { putBack, type SavedRow } from '../../service/snapshot.ts';
import { staffActs } from '../../service/staff-acts.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { ANSER, createTestService, ORIGIN } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** Migrations on what the service of their day left in its database. */

interface SnapshotHead {
  readonly keys: { readonly master: string; readonly api: string };
  readonly active: { readonly userId: string; readonly keyHex: string; readonly signingKey?: JWK };
}

/** A database as it stood after a migration, with its migrator for a directory of today. */
async function openSnapshot(name: string, institutions: readonly Institution[], folder?: string) {
  const [head = '', ...rows] = readFileSync(join(import.meta.dirname, `snapshots/${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const db = new Kysely<Schema>({ dialect: pgliteDialect(await newPglite(folder)) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(institutions) },
  });
  await migrator.migrateTo(name);
  await putBack(
    db,
    rows.map((row) => JSON.parse(row) as SavedRow),
  );
  return { db, migrator, head: JSON.parse(head) as SnapshotHead };
}

/** A folder with the keys the snapshot's service had. */
function folderWith({ keys }: SnapshotHead): string {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-snapshot-'));
  mkdirSync(join(folder, 'api-keys'));
  writeFileSync(join(folder, 'master.key'), keys.master);
  writeFileSync(join(folder, 'api-keys', 'senpoku'), keys.api);
  return folder;
}

/** An id as the service makes them. */
const ID = /^[A-Za-z0-9_-]{22}$/;

const AKITA: Institution = {
  ...SENPOKU,
  key: 'akita',
  serviceId: '10112239',
  otp: { algorithm: 'SHA-1', digits: 6, period: 30 },
  confirmation: 'code',
};

describe('0006 gives every token the parameters its institution has in the directory', () => {
  test('those of the entry, and the default where the institution has left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warifu-data-'));
    const before = await openSnapshot('0005_key_checks', [], join(folder, 'pg'));
    const tokens = await before.db.selectFrom('tokens').select('id').execute();
    await before.db.destroy();
    // As the service does at its start.
    const { db, close } = await openFolder(folder, { institutions: [SENPOKU, AKITA] });
    const rows = await db
      .selectFrom('tokens')
      .select(['institution', 'kind', 'algorithm', 'digits', 'period', 'confirmation_mode'])
      .distinct()
      .orderBy('institution')
      .execute();
    const anser = { kind: 'software', ...ANSER, confirmation_mode: 'approve' };
    expect(rows).toEqual([
      { institution: 'akita', kind: 'software', ...AKITA.otp, confirmation_mode: 'code' },
      { institution: 'gone', ...anser },
      { institution: 'senpoku', ...anser },
    ]);
    const after = await db.selectFrom('tokens').select('id').execute();
    expect(after).toHaveLength(tokens.length);
    await close();
  });

  test('a token in use goes on: its next code is taken, and a copy of it is not', async () => {
    const { db, migrator, head } = await openSnapshot('0005_key_checks', [SENPOKU]);
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    const service = await createTestService(
      { db, wakes: createWakes() },
      { folder: folderWith(head), institutions: [SENPOKU] },
    );
    const { userId, keyHex } = head.active;
    const key = await importKey(new Uint8Array(Buffer.from(keyHex, 'hex')), ANSER);
    const code = await codeAt(key, ANSER, service.clock.now());
    expect(await service.present('verify', { userId }, code)).toMatchObject({ accepted: true });
    expect(await service.present('verify', { userId }, code)).toMatchObject({ accepted: false });
    await db.destroy();
  });

  test('without a directory it does nothing to tokens there are', async () => {
    const { db, migrator } = await openSnapshot('0005_key_checks', []);
    expect((await migrator.migrateToLatest()).error).toMatchObject({
      message: expect.stringContaining('without a directory'),
    });
    await db.destroy();
  });
});

describe('0007 gives transactions types', () => {
  test('what was live is called off, and what is over is answered with its type and kept as it was signed', async () => {
    const { db, migrator, head } = await openSnapshot('0005_key_checks', [SENPOKU]);
    const before = await db.selectFrom('confirmations').selectAll().orderBy('id').execute();
    expect(before.map(({ status }) => status).sort()).toEqual(['confirmed', 'not-me', 'waiting']);
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    const after = await db.selectFrom('confirmations').selectAll().orderBy('id').execute();
    expect(after).toMatchObject(
      before.map((row) => ({ ...row, status: row.status === 'not-me' ? 'not-me' : 'cancelled' })),
    );
    const service = await createTestService(
      { db, wakes: createWakes() },
      { folder: folderWith(head), institutions: [SENPOKU] },
    );
    for (const { id, token_id, status, details } of after) {
      const { user_id } = await db
        .selectFrom('tokens')
        .select('user_id')
        .where('id', '=', token_id)
        .executeTakeFirstOrThrow();
      const answer = await service.bank('GET', `/v1/tokens/${user_id}/confirmations/${id}`);
      const { bank, branch, accountType, accountNumber, payee, amount } = JSON.parse(details);
      expect(await answer.json()).toMatchObject({
        id,
        status,
        transaction: { type: 'transfer', bank, branch, accountType, accountNumber, payee, amount },
      });
    }
    await db.destroy();
  });
});

describe('0008 lets staff act on the tokens there are', () => {
  const BEFORE = '0006_token_parameters';

  test('keys are banks’, and what was suspended by a “not me” is resumed to its use', async () => {
    const { db, migrator, head } = await openSnapshot(BEFORE, [SENPOKU]);
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    expect(await db.selectFrom('api_keys').select(['institution', 'kind']).execute()).toEqual([
      { institution: 'senpoku', kind: 'bank' },
    ]);
    const service = await createTestService(
      { db, wakes: createWakes() },
      { folder: folderWith(head), institutions: [SENPOKU] },
    );
    const { done, show } = staffActs(service);
    const byStatus = async (status: TokenStatus) => {
      const { user_id: userId } = await db
        .selectFrom('tokens')
        .select('user_id')
        .where('status', '=', status)
        .where('institution', '=', 'senpoku')
        .executeTakeFirstOrThrow();
      return { userId };
    };
    const suspended = await byStatus('suspended');
    expect(await show(suspended)).toMatchObject({ suspendedFrom: 'active' });
    await done('resume', suspended);
    expect((await show(suspended)).status).toBe('active');
    const locked = await byStatus('locked');
    await done('unlock', locked);
    expect((await show(locked)).status).toBe('active');
    await db.destroy();
  });

  test('no row of the audit is changed or lost', async () => {
    const { db, migrator } = await openSnapshot(BEFORE, [SENPOKU]);
    const lines = () => db.selectFrom('audit').select(['id', 'event', 'outcome']).orderBy('id').execute();
    const before = await lines();
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    expect(before.length).toBeGreaterThan(0);
    expect(await lines()).toEqual(before);
    await db.destroy();
  });
});

describe('0009 gives every token that is set up a device', () => {
  test('of its keys, which may do all; its proofs are taken, and its decision names it', async () => {
    const { db, migrator, head } = await openSnapshot('0008_staff', [SENPOKU]);
    const { rows: before } = await sql<{ id: string; jkt: string; receiving_key: object }>`
      select id, jkt, receiving_key from tokens where jkt is not null`.execute(db);
    expect(before.length).toBeGreaterThan(5);
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    const devices = await db.selectFrom('devices').selectAll().execute();
    // What they are is not known: nobody asked them. Nothing later was of them either.
    const unnamed = { form: null, name: null };
    const later = {
      refused_fills_until: null,
      last_seen_at: null,
      removed_at: null,
      signed_pairing: null,
      asked_until: null,
    };
    const all = {
      may_make_codes: true,
      may_decide: true,
      may_fill: true,
      added_at: expect.any(Date),
      ...unnamed,
      ...later,
    };
    expect(devices.sort((a, b) => (a.jkt < b.jkt ? -1 : 1))).toEqual(
      before
        .sort((a, b) => (a.jkt < b.jkt ? -1 : 1))
        .map(({ id, ...keys }) => ({ id: expect.stringMatching(ID), token_id: id, ...keys, ...all })),
    );
    expect(new Set(devices.map(({ id }) => id)).size).toBe(before.length);

    const service = await createTestService(
      { db, wakes: createWakes() },
      { folder: folderWith(head), institutions: [SENPOKU] },
    );
    const token = await createTestToken(head.active.signingKey);
    const url = `${ORIGIN}/v1/token`;
    const proof = await token.proof({ method: 'GET', url, timeMs: service.clock.now() });
    expect((await service.app.request(url, { headers: { DPoP: proof } })).status).toBe(200);
    const { ask, decide } = confirmations(service);
    const customer = { ...(await service.active()), token, userId: head.active.userId };
    // The places of the questions that the snapshot has are free again.
    service.nextStep(10);
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    const decided = await db
      .selectFrom('confirmations')
      .select('device_id')
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(decided.device_id).toBe(devices.find(({ jkt }) => jkt === token.jkt)?.id);
    await db.destroy();
  });
});

test('0010 leaves the audit there is to the chore, which begins the chains with it', async () => {
  const { db, migrator } = await openSnapshot('0008_staff', [SENPOKU]);
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const { rows } = await sql<{ institution: string; count: number }>`
    select institution, count(*)::float8 as count from audit group by institution`.execute(db);
  expect(rows.length).toBeGreaterThan(0);
  const audit = newAudit('audit');
  await linkEntries(db, audit, { batch: 10 });
  const judged = await judge(db, audit, { institutions: [] });
  for (const { institution, count } of rows) {
    expect(judged[institution]).toMatchObject({ what: undefined, unlinked: 0, count });
  }
  await db.destroy();
});

test('0019 makes what was to be told an event for the institution’s bank', async () => {
  const { db, migrator } = await openSnapshot('0008_staff', [SENPOKU]);
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const events = await db
    .selectFrom('events')
    .select(['channel', 'target', 'institution', 'device_id'])
    .execute();
  expect(events.length).toBeGreaterThan(0);
  for (const { institution, ...event } of events) {
    expect(event).toEqual({ channel: 'bank', target: institution, device_id: null });
  }
  await db.destroy();
});

test('0027 keeps the serials that were there before, and takes several of a line', async () => {
  const { db, migrator } = await openSnapshot('0008_staff', [SENPOKU]);
  expect((await migrator.migrateTo('0026_fill_factor')).error).toBeUndefined();
  const file = { institution: 'senpoku', digest: 'a'.repeat(64) };
  const one = { ...file, line: 1, serial: 'HW100000' };
  const other = { ...one, serial: 'HW100001' };
  await db.insertInto('import_existing').values(one).execute();
  await expect(db.insertInto('import_existing').values(other).execute()).rejects.toThrow(
    'import_existing_key',
  );
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  await db.insertInto('import_existing').values(other).execute();
  expect(await db.selectFrom('import_existing').selectAll().orderBy('serial').execute()).toEqual([
    one,
    other,
  ]);
  await db.destroy();
});
