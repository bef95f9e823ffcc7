import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { confirmingOf } from '../../core/institution/confirming.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { createAuditBegins, createAuditTables } from '../../host/audit/tables.ts';

/** What the directory says of an institution's tokens at the time of the migration. */
export type TokensOf = Pick<Institution, 'key' | 'otp' | 'confirmation'>;

/**
 * Append only: a migration that has shipped is never edited or renumbered.
 * @param institutions of the directory; none are needed for a new database
 */
export const migrationsFor = (institutions: readonly TokensOf[]): Record<string, Migration> => ({
  '0001_tokens': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('api_keys')
        .addColumn('hash', 'bytea', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('revoked_at', 'timestamptz')
        .execute();
      await db.schema
        .createTable('tokens')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('activation_password', 'bytea')
        .addColumn('activation_failures', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('serial', 'text', (c) => c.unique())
        .addColumn('secret', 'bytea')
        .addColumn('jkt', 'text', (c) => c.unique())
        .addColumn('receiving_key', 'jsonb')
        .addColumn('last_step', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('drift', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('issued_at', 'timestamptz', (c) => c.notNull())
        .addColumn('enrol_by', 'timestamptz', (c) => c.notNull())
        .addColumn('enrolled_at', 'timestamptz')
        .addColumn('activated_at', 'timestamptz')
        .addColumn('released_at', 'timestamptz')
        .addColumn('expires_at', 'timestamptz')
        .addUniqueConstraint('tokens_user', ['institution', 'user_id'])
        .execute();
      await db.schema
        .createTable('idempotency')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('key', 'text', (c) => c.notNull())
        .addColumn('request_hash', 'bytea', (c) => c.notNull())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('accepted', 'boolean', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addPrimaryKeyConstraint('idempotency_key', ['institution', 'key'])
        .execute();
      await db.schema
        .createTable('proofs')
        .addColumn('jti', 'text', (c) => c.primaryKey())
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('audit')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('at', 'timestamptz', (c) => c.notNull())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('event', 'text', (c) => c.notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        .addColumn('request_id', 'text', (c) => c.notNull())
        .execute();
      await sql`
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit table is append-only'; END $$`.execute(db);
      await sql`
        CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()`.execute(db);
    },
  },
  '0002_confirmations': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('confirmations')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('mode', 'text', (c) => c.notNull())
        .addColumn('details', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('wrong_codes', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .addColumn('decision', 'text')
        .addColumn('signed_decision', 'text')
        .addColumn('decided_at', 'timestamptz')
        .addColumn('use_by', 'timestamptz')
        .execute();
      await sql`
        CREATE UNIQUE INDEX confirmations_number ON confirmations (token_id, number)
        WHERE status IN ('waiting', 'confirmed')`.execute(db);
      await sql`
        CREATE INDEX confirmations_live ON confirmations (coalesce(use_by, expires_at))
        WHERE status IN ('waiting', 'confirmed')`.execute(db);
      await db.schema
        .createTable('events')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('confirmation_id', 'text', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('due_at', 'timestamptz', (c) => c.notNull())
        .addColumn('delivered_at', 'timestamptz')
        .execute();
      await sql`CREATE INDEX events_due ON events (due_at) WHERE delivered_at IS NULL`.execute(db);
      await db.schema.alterTable('tokens').addColumn('asked_until', 'timestamptz').execute();
      await db.schema.alterTable('idempotency').addColumn('confirmation_id', 'text').execute();
      await db.schema.alterTable('audit').addColumn('confirmation_id', 'text').execute();
    },
  },
  '0003_limits': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('tokens').addColumn('activation_until', 'timestamptz').execute();
      await db.schema
        .createTable('stranger_counts')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('event', 'text', (c) => c.notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        .addColumn('since', 'timestamptz', (c) => c.notNull())
        .addColumn('count', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('stranger_counts_key', ['institution', 'event', 'outcome', 'since'])
        .execute();
    },
  },
  '0004_sweeps': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createIndex('idempotency_age').on('idempotency').column('created_at').execute();
      await db.schema.createIndex('proofs_age').on('proofs').column('expires_at').execute();
      await db.schema.createIndex('events_age').on('events').column('created_at').execute();
      await sql`CREATE INDEX events_delivered ON events (delivered_at) WHERE delivered_at IS NOT NULL`.execute(
        db,
      );
      await sql`
        CREATE INDEX events_due_to ON events (institution, due_at) WHERE delivered_at IS NULL`.execute(db);
      await sql`DROP INDEX events_due`.execute(db);
    },
  },
  '0005_key_checks': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('key_checks')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .execute();
    },
  },
  '0006_token_parameters': {
    up: async (db: Kysely<unknown>) => {
      const { rows } = await sql`SELECT FROM tokens LIMIT 1`.execute(db);
      if (rows.length > 0 && institutions.length === 0) {
        throw new Error('cannot migrate tokens without a directory: it says how their codes are made');
      }
      // PostgreSQL writes the default of a new column into no row, so only tokens of institutions that differ are rewritten.
      await db.schema
        .alterTable('tokens')
        .addColumn('kind', 'text', (c) => c.notNull().defaultTo('software'))
        .addColumn('algorithm', 'text', (c) => c.notNull().defaultTo('SHA-256'))
        .addColumn('digits', 'integer', (c) => c.notNull().defaultTo(8))
        .addColumn('period', 'integer', (c) => c.defaultTo(60))
        .addColumn('confirmation_mode', 'text', (c) => c.notNull().defaultTo('approve'))
        .execute();
      const said = institutions.map(({ key, otp, confirmation }) => ({
        key,
        ...otp,
        confirmation: confirmingOf({ confirmation }).mode,
      }));
      await sql`
        UPDATE tokens SET
          algorithm = i.algorithm, digits = i.digits, period = i.period, confirmation_mode = i.confirmation
        FROM jsonb_to_recordset(${JSON.stringify(said)}::jsonb)
          AS i(key text, algorithm text, digits integer, period integer, confirmation text)
        WHERE tokens.institution = i.key
          AND (tokens.algorithm, tokens.digits, tokens.period, tokens.confirmation_mode)
            <> (i.algorithm, i.digits, i.period, i.confirmation)`.execute(db);
      // From now on each insert of a token gives these columns.
      await sql`
        ALTER TABLE tokens
          ALTER kind DROP DEFAULT, ALTER algorithm DROP DEFAULT, ALTER digits DROP DEFAULT, ALTER period DROP DEFAULT,
          ALTER confirmation_mode DROP DEFAULT,
          ADD CONSTRAINT tokens_counted CHECK ((kind = 'hardware-hotp') = (period IS NULL))`.execute(db);
    },
  },
  '0007_transaction_types': {
    up: async (db: Kysely<unknown>) => {
      // Tokens no longer show details without a type of transaction, so live ones are cancelled. Ended ones stay as they were
      // signed.
      await sql`UPDATE confirmations SET status = 'cancelled' WHERE status IN ('waiting', 'confirmed')`.execute(
        db,
      );
    },
  },
  '0008_staff': {
    up: async (db: Kysely<unknown>) => {
      // All existing keys were made for banks.
      await db.schema
        .alterTable('api_keys')
        .addColumn('kind', 'text', (c) => c.notNull().defaultTo('bank'))
        .execute();
      await sql`
        ALTER TABLE api_keys
          ALTER kind DROP DEFAULT,
          ADD CONSTRAINT api_keys_kind CHECK (kind IN ('bank', 'staff'))`.execute(db);
      await db.schema.alterTable('tokens').addColumn('suspended_from', 'text').execute();
      // Until now only a customer's "not me" suspended a token, and only an active one.
      await sql`UPDATE tokens SET suspended_from = 'active' WHERE status = 'suspended'`.execute(db);
      await sql`
        ALTER TABLE tokens
          ADD CONSTRAINT tokens_suspended CHECK ((status = 'suspended') = (suspended_from IS NOT NULL))`.execute(
        db,
      );
      await db.schema
        .alterTable('audit')
        .addColumn('actor', 'text')
        .addColumn('reason', 'text')
        .addColumn('approval', 'text')
        .execute();
    },
  },
  '0009_devices': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('devices')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('jkt', 'text', (c) => c.notNull().unique())
        .addColumn('receiving_key', 'jsonb', (c) => c.notNull())
        .addColumn('may_make_codes', 'boolean', (c) => c.notNull())
        .addColumn('may_decide', 'boolean', (c) => c.notNull())
        .addColumn('may_fill', 'boolean', (c) => c.notNull())
        .addColumn('added_at', 'timestamptz', (c) => c.notNull())
        .execute();
      // Base64url of 16 bytes, like the ids that the service makes.
      await sql`
        INSERT INTO devices (id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at)
        SELECT
          translate(rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '='), '+/', '-_'),
          id, jkt, receiving_key, true, true, true, enrolled_at
        FROM tokens WHERE jkt IS NOT NULL`.execute(db);
      await db.schema.alterTable('tokens').dropColumn('jkt').dropColumn('receiving_key').execute();
      await db.schema.alterTable('confirmations').addColumn('device_id', 'text').execute();
      await db.schema.alterTable('audit').addColumn('device_id', 'text').execute();
    },
  },
  '0010_audit_chain': {
    // The chore links the existing entries.
    up: (db: Kysely<unknown>) => createAuditTables(db, 'audit'),
  },
  '0011_replacements': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('tokens')
        .addColumn('replaces', 'text')
        .addColumn('replace_by', 'timestamptz')
        .addColumn('replacement', 'text')
        .addColumn('replaced_by', 'text')
        .execute();
      await db.schema.alterTable('devices').addColumn('form', 'text').addColumn('name', 'text').execute();
      await sql`CREATE INDEX devices_token ON devices (token_id)`.execute(db);
      await db.schema.alterTable('confirmations').addColumn('new_token', 'text').execute();
      await sql`
        CREATE INDEX confirmations_new_token ON confirmations (new_token) WHERE new_token IS NOT NULL`.execute(
        db,
      );
      // An update that takes a token out of use also ends its replacement.
      await sql`
        CREATE FUNCTION end_replacement() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.replacement := NULL; RETURN NEW; END $$`.execute(db);
      await sql`
        CREATE TRIGGER tokens_end_replacement BEFORE UPDATE OF status ON tokens
        FOR EACH ROW WHEN (NEW.status <> 'active' AND NEW.replacement IS NOT NULL)
        EXECUTE FUNCTION end_replacement()`.execute(db);
    },
  },
  '0012_suspensions': {
    up: async (db: Kysely<unknown>) => {
      // Null for tokens that are suspended already: nobody knows since when and by whom.
      await db.schema
        .alterTable('tokens')
        .addColumn('suspended_at', 'timestamptz')
        .addColumn('suspended_by', 'text')
        .execute();
      // From now on an event is about a confirmation or about a token.
      await sql`
        ALTER TABLE events
          ALTER confirmation_id DROP NOT NULL,
          ADD token_id text,
          ADD CONSTRAINT events_about_one CHECK (num_nonnulls(confirmation_id, token_id) = 1)`.execute(db);
    },
  },
  '0013_audit_reading': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('audit').addColumn('failures', 'integer').execute();
      await sql`CREATE INDEX audit_token ON audit (token_id, at, id)`.execute(db);
      await sql`CREATE INDEX audit_kind ON audit (institution, event, outcome, at, id)`.execute(db);
      await sql`
        CREATE INDEX audit_actor ON audit (institution, actor, event, outcome, at, id)
        WHERE actor IS NOT NULL`.execute(db);
      await db.schema
        .createTable('audit_hours')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('since', 'timestamptz', (c) => c.notNull())
        .addColumn('counts', 'jsonb', (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_hours_key', ['institution', 'since'])
        .execute();
    },
  },
  '0014_unbound_tokens': {
    up: async (db: Kysely<unknown>) => {
      // Serial number tokens that are no contract's yet: counted for each institution, and forgotten by their end.
      await sql`
        CREATE INDEX tokens_unbound ON tokens (institution, enrol_by)
        WHERE kind = 'serial' AND activated_at IS NULL`.execute(db);
      await sql`
        CREATE INDEX tokens_unbound_end ON tokens (enrol_by)
        WHERE kind = 'serial' AND activated_at IS NULL`.execute(db);
    },
  },
  '0015_hardware_tokens': {
    up: async (db: Kysely<unknown>) => {
      // A hardware token is there before anybody has it. An institution's serials are its own: no other's import keeps one out.
      await sql`
        ALTER TABLE tokens
          ALTER user_id DROP NOT NULL,
          ALTER enrol_by DROP NOT NULL,
          ADD CONSTRAINT tokens_named CHECK (
            (user_id IS NULL) = (enrol_by IS NULL)
            AND (user_id IS NOT NULL OR kind IN ('hardware-totp', 'hardware-hotp') AND activated_at IS NULL)),
          DROP CONSTRAINT tokens_serial_key,
          ADD CONSTRAINT tokens_serial UNIQUE (institution, serial)`.execute(db);
    },
  },
  '0016_refused_fills': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('refused_fills')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('since', 'timestamptz', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('count', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('refused_fills_key', ['institution', 'since', 'reason'])
        .execute();
      await db.schema.createIndex('refused_fills_age').on('refused_fills').column('since').execute();
      await db.schema.alterTable('devices').addColumn('refused_fills_until', 'timestamptz').execute();
    },
  },
  '0017_imports': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('imports')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('digest', 'text', (c) => c.notNull())
        .addColumn('file_name', 'text', (c) => c.notNull())
        .addColumn('tokens', 'integer', (c) => c.notNull())
        .addColumn('taken', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('added', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('actor', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('approval', 'text')
        .addColumn('started_at', 'timestamptz', (c) => c.notNull())
        .addColumn('ended_at', 'timestamptz')
        .addPrimaryKeyConstraint('imports_key', ['institution', 'digest'])
        .execute();
      await db.schema
        .createTable('import_existing')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('digest', 'text', (c) => c.notNull())
        .addColumn('line', 'integer', (c) => c.notNull())
        .addColumn('serial', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('import_existing_key', ['institution', 'digest', 'line'])
        .execute();
    },
  },
  '0019_push': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('push_subscriptions')
        .addColumn('device_id', 'text', (c) => c.primaryKey().references('devices.id').onDelete('cascade'))
        .addColumn('service', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .execute();
      // Until now every event was for a bank.
      await db.schema
        .alterTable('events')
        .addColumn('channel', 'text', (c) => c.notNull().defaultTo('bank'))
        .addColumn('target', 'text')
        .addColumn('device_id', 'text')
        .execute();
      await sql`UPDATE events SET target = institution`.execute(db);
      await sql`ALTER TABLE events ALTER channel DROP DEFAULT, ALTER target SET NOT NULL`.execute(db);
      await sql`
        CREATE INDEX events_due ON events (channel, target, due_at) WHERE delivered_at IS NULL`.execute(db);
      await sql`DROP INDEX events_due_to`.execute(db);
    },
  },
  '0021_pairing': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('devices')
        .addColumn('last_seen_at', 'timestamptz')
        .addColumn('removed_at', 'timestamptz')
        .addColumn('signed_pairing', 'text')
        .addColumn('asked_until', 'timestamptz')
        .execute();
      await db.schema
        .alterTable('tokens')
        .addColumn('paired_devices', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
      await db.schema.alterTable('events').addColumn('kind', 'text').execute();
      await db.schema
        .createTable('pairings')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('jkt', 'text', (c) => c.notNull())
        .addColumn('signing_key', 'jsonb', (c) => c.notNull())
        .addColumn('receiving_key', 'jsonb', (c) => c.notNull())
        .addColumn('commitment', 'text', (c) => c.notNull())
        .addColumn('form', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('code_hash', 'bytea')
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .addColumn('token_id', 'text')
        .addColumn('device_id', 'text')
        .addColumn('phone_key', 'jsonb')
        .addColumn('phone_nonce', 'text')
        .addColumn('nonce', 'text')
        .addUniqueConstraint('pairings_jkt', ['jkt'])
        .addUniqueConstraint('pairings_code', ['code_hash'])
        .execute();
      await db.schema.createIndex('pairings_age').on('pairings').column('expires_at').execute();
      await db.schema
        .createTable('approvals')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('device_id', 'text', (c) => c.notNull())
        .addColumn('request', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .addColumn('signed_decision', 'text')
        .addColumn('decided_by', 'text')
        .execute();
      await db.schema.createIndex('approvals_age').on('approvals').column('expires_at').execute();
      await sql`
        CREATE INDEX approvals_token ON approvals (token_id, expires_at) WHERE status = 'waiting'`.execute(
        db,
      );
      // A device has one question at a time.
      await sql`
        CREATE UNIQUE INDEX approvals_waiting ON approvals (device_id) WHERE status = 'waiting'`.execute(db);
    },
  },
  '0023_audit_key': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('key_checks').addColumn('audit_key', 'bytea').execute();
    },
  },
  '0024_challenges': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('challenges')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('token_id', 'text', (c) => c.notNull())
        .addColumn('use', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('place', 'integer', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .addColumn('signed_at', 'timestamptz')
        .addColumn('origin', 'text')
        .addColumn('factors', 'jsonb')
        .addColumn('signature', 'text')
        .addColumn('device_id', 'text')
        .execute();
      await db.schema.createIndex('challenges_age').on('challenges').column('expires_at').execute();
      // What waits for a token, so many at once, no two with the same number.
      await sql`
        CREATE UNIQUE INDEX challenges_place ON challenges (token_id, place) WHERE status = 'waiting'`.execute(
        db,
      );
      await sql`
        CREATE UNIQUE INDEX challenges_number ON challenges (token_id, number) WHERE status = 'waiting'`.execute(
        db,
      );
      await db.schema.alterTable('idempotency').addColumn('challenge_id', 'text').execute();
      await db.schema
        .alterTable('confirmations')
        .addColumn('origin', 'text')
        .addColumn('factors', 'jsonb')
        .execute();
      await db.schema.alterTable('audit').addColumn('origin', 'text').addColumn('factors', 'jsonb').execute();
    },
  },
  '0025_audit_begins': {
    up: (db: Kysely<unknown>) => createAuditBegins(db, 'audit', 'audit_is_append_only'),
  },
  '0026_fill_factor': {
    // Room in each page, so that spending a step writes no index; see docs/CAPACITY.md.
    up: async (db: Kysely<unknown>) => {
      await sql`alter table tokens set (fillfactor = 90)`.execute(db);
    },
  },
  '0027_import_existing_serials': {
    // A file may have several tokens in one line.
    up: async (db: Kysely<unknown>) => {
      await sql`
        ALTER TABLE import_existing DROP CONSTRAINT import_existing_key,
          ADD CONSTRAINT import_existing_key PRIMARY KEY (institution, digest, line, serial)`.execute(db);
    },
  },
  '0028_not_before': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('events').addColumn('not_before', 'timestamptz').execute();
    },
  },
  '0029_events_pushes': {
    up: async (db: Kysely<unknown>) => {
      await sql`CREATE INDEX events_pushes ON events (created_at) WHERE channel = 'push'`.execute(db);
    },
  },
  '0030_pairings_token': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        CREATE INDEX pairings_token ON pairings (token_id) WHERE status IN ('claimed', 'answered', 'symbols')`.execute(
        db,
      );
    },
  },
});
