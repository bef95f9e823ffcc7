import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createAuditBegins, createAuditTables } from '../../host/audit/tables.ts';

/** Append-only: a migration that has shipped is never edited or renumbered. */
export const migrations: Record<string, Migration> = {
  '0001_customers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('customers')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('login_id', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('password_hash', 'text', (c) => c.notNull())
        .addColumn('confirmation_hash', 'text', (c) => c.notNull())
        .addColumn('balance', 'bigint', (c) => c.notNull())
        .addColumn('email', 'text')
        .addColumn('user_id', 'text')
        .addColumn('lock_notified', 'text')
        .addUniqueConstraint('customers_login', ['institution', 'login_id'])
        .execute();
      await db.schema
        .createTable('attempts')
        .addColumn('customer_id', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('failures', 'integer', (c) => c.notNull())
        .addColumn('locked_until', 'timestamptz')
        .addPrimaryKeyConstraint('attempts_key', ['customer_id', 'kind'])
        .execute();
      await db.schema
        .createTable('logins')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('at', 'timestamptz', (c) => c.notNull())
        .addColumn('method', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('logins_customer').on('logins').columns(['customer_id', 'at']).execute();
    },
  },
  '0002_sessions': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('sessions')
        .addColumn('id_hash', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('data', 'bytea', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('last_seen_at', 'timestamptz', (c) => c.notNull())
        .addColumn('ended_at', 'timestamptz')
        .execute();
      await db.schema
        .createTable('submissions')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('started_at', 'timestamptz', (c) => c.notNull())
        .addColumn('tries', 'integer', (c) => c.notNull())
        .addColumn('outcome', 'bytea')
        .execute();
    },
  },
  '0003_outbox': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('outbox')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('recipient', 'text', (c) => c.notNull())
        .addColumn('content', 'bytea')
        .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('next_attempt_at', 'timestamptz', (c) => c.notNull())
        .addColumn('sent_at', 'timestamptz')
        .execute();
      await db.schema
        .createTable('pending_voids')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addPrimaryKeyConstraint('pending_voids_key', ['institution', 'user_id'])
        .execute();
    },
  },
  '0004_accounts': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('accounts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('position', 'integer', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('branch_code', 'text', (c) => c.notNull())
        .addColumn('branch_name', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('balance', 'bigint', (c) => c.notNull().check(sql`balance >= 0`))
        .addUniqueConstraint('accounts_number', ['institution', 'branch_code', 'type', 'number'])
        .addUniqueConstraint('accounts_position', ['customer_id', 'position'])
        .execute();
      await sql`
        insert into accounts
          (id, institution, customer_id, position, type, branch_code, branch_name, number, balance)
        select id || '-0', institution, id, 0, 'ordinary', '001', '本店営業部',
          '1' || lpad((row_number() over (partition by institution order by id desc))::text, 6, '0'), balance
        from customers`.execute(db);
      await sql`
        insert into accounts
          (id, institution, customer_id, position, type, branch_code, branch_name, number, balance)
        select customer_id || '-1', institution, customer_id, 1, 'savings', branch_code, branch_name,
          '2' || substr(number, 2), 0
        from accounts`.execute(db);
      await db.schema.alterTable('customers').dropColumn('balance').execute();
      await db.schema
        .alterTable('customers')
        .addColumn('daily_limit', 'bigint')
        .addColumn('next_limit', 'bigint')
        .addColumn('next_limit_from', 'timestamptz')
        .execute();
      await db.schema
        .createTable('payees')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('bank_code', 'text', (c) => c.notNull())
        .addColumn('bank_name', 'text', (c) => c.notNull())
        .addColumn('branch_code', 'text', (c) => c.notNull())
        .addColumn('branch_name', 'text', (c) => c.notNull())
        .addColumn('account_type', 'text', (c) => c.notNull())
        .addColumn('account_number', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('payees_customer').on('payees').column('customer_id').execute();
    },
  },
  '0005_transfers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('transfers')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('from_account', 'text', (c) => c.notNull().references('accounts.id'))
        .addColumn('bank_code', 'text', (c) => c.notNull())
        .addColumn('bank_name', 'text', (c) => c.notNull())
        .addColumn('branch_code', 'text', (c) => c.notNull())
        .addColumn('branch_name', 'text', (c) => c.notNull())
        .addColumn('account_type', 'text', (c) => c.notNull())
        .addColumn('account_number', 'text', (c) => c.notNull())
        .addColumn('payee', 'text', (c) => c.notNull())
        .addColumn('amount', 'bigint', (c) => c.notNull().check(sql`amount > 0`))
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('reason', 'text')
        .addColumn('attempt', 'integer', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('user_id', 'text')
        .addColumn('confirmation_id', 'text')
        .addColumn('decision', 'text')
        .addColumn('mode', 'text')
        .addColumn('number', 'text')
        .addColumn('requested_at', 'timestamptz')
        .addColumn('expires_at', 'timestamptz')
        .addColumn('use_by', 'timestamptz')
        .addColumn('cancel_due', 'boolean', (c) => c.notNull())
        .addColumn('claimed_at', 'timestamptz')
        .addColumn('code', 'bytea')
        .addColumn('counted_at', 'timestamptz')
        .addColumn('done_at', 'timestamptz')
        .addColumn('receipt', 'text', (c) => c.unique())
        .addUniqueConstraint('transfers_confirmation', ['institution', 'confirmation_id'])
        .execute();
      await db.schema
        .createIndex('transfers_customer')
        .on('transfers')
        .columns(['customer_id', 'created_at'])
        .execute();
      await sql`create index transfers_open on transfers (created_at)
        where state in ('entered', 'waiting', 'executing') or cancel_due`.execute(db);
      await sql`create sequence transfer_receipts`.execute(db);
      await db.schema
        .createTable('entries')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
        .addColumn('transfer_id', 'text', (c) => c.notNull().references('transfers.id'))
        .addColumn('at', 'timestamptz', (c) => c.notNull())
        .addColumn('amount', 'bigint', (c) => c.notNull())
        .addColumn('balance', 'bigint', (c) => c.notNull())
        .addColumn('memo', 'text', (c) => c.notNull())
        .addUniqueConstraint('entries_once', ['account_id', 'transfer_id'])
        .execute();
      await db.schema
        .createTable('security_events')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('at', 'timestamptz', (c) => c.notNull())
        .execute();
    },
  },
  '0006_transfers_tried': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('transfers').addColumn('tried_at', 'timestamptz').execute();
    },
  },
  '0007_pending_voids_tried': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('pending_voids').addColumn('tried_at', 'timestamptz').execute();
    },
  },
  '0008_sweeps': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createIndex('sessions_age').on('sessions').column('last_seen_at').execute();
      await db.schema.createIndex('submissions_age').on('submissions').column('started_at').execute();
      await db.schema.createIndex('security_events_age').on('security_events').column('at').execute();
      await sql`create index outbox_sent on outbox (sent_at) where sent_at is not null`.execute(db);
      await sql`create index outbox_due on outbox (created_at) where sent_at is null`.execute(db);
      await db.schema
        .createIndex('outbox_customer')
        .on('outbox')
        .columns(['customer_id', 'created_at'])
        .execute();
      await sql`create index transfers_entered on transfers (created_at) where state = 'entered'`.execute(db);
    },
  },
  '0009_key_checks': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('key_checks')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .execute();
    },
  },
  '0010_changes': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('changes')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('details', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('reason', 'text')
        .addColumn('attempt', 'integer', (c) => c.notNull())
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('user_id', 'text')
        .addColumn('confirmation_id', 'text')
        .addColumn('decision', 'text')
        .addColumn('mode', 'text')
        .addColumn('number', 'text')
        .addColumn('requested_at', 'timestamptz')
        .addColumn('expires_at', 'timestamptz')
        .addColumn('use_by', 'timestamptz')
        .addColumn('cancel_due', 'boolean', (c) => c.notNull())
        .addColumn('tried_at', 'timestamptz')
        .addColumn('claimed_at', 'timestamptz')
        .addColumn('code', 'bytea')
        .addColumn('done_at', 'timestamptz')
        .addUniqueConstraint('changes_confirmation', ['institution', 'confirmation_id'])
        .execute();
      await db.schema
        .createIndex('changes_customer')
        .on('changes')
        .columns(['customer_id', 'created_at'])
        .execute();
      await sql`create index changes_open on changes (created_at)
        where state in ('entered', 'waiting', 'executing') or cancel_due`.execute(db);
    },
  },
  '0011_staff': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('staff')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('staff_id', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('password_hash', 'text', (c) => c.notNull())
        .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('clerk')`))
        .addUniqueConstraint('staff_sign_in', ['institution', 'staff_id'])
        .execute();
      await db.schema
        .createTable('staff_acts')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('key', 'text', (c) => c.notNull())
        .addColumn('at', 'timestamptz', (c) => c.notNull())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('staff_id', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text')
        .addColumn('act', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        .addUniqueConstraint('staff_acts_once', ['key', 'outcome'])
        .execute();
      await db.schema
        .createIndex('staff_acts_customer')
        .on('staff_acts')
        .columns(['customer_id', 'id'])
        .execute();
      await db.schema
        .createIndex('staff_acts_institution')
        .on('staff_acts')
        .columns(['institution', 'id'])
        .execute();
      await sql`
        create function staff_acts_are_append_only() returns trigger language plpgsql as
        $$ begin raise exception 'the table of staff acts is append-only'; end $$`.execute(db);
      await sql`
        create trigger staff_acts_append_only before update or delete or truncate on staff_acts
        for each statement execute function staff_acts_are_append_only()`.execute(db);
      await db.schema.alterTable('customers').addColumn('applied_at', 'timestamptz').execute();
    },
  },
  '0012_audit_chain': {
    // A chore links the rows that exist already.
    up: (db: Kysely<unknown>) => createAuditTables(db, 'staff_acts'),
  },
  '0013_four_eyes': {
    up: async (db: Kysely<unknown>) => {
      await sql`alter table staff drop constraint staff_role_check`.execute(db);
      await sql`alter table staff add constraint staff_role_check
        check (role in ('clerk', 'supervisor', 'auditor'))`.execute(db);
      await db.schema
        .createTable('proposals')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('token_status', 'text', (c) => c.notNull())
        .addColumn('act', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('proposed_by', 'text', (c) => c.notNull())
        .addColumn('proposed_at', 'timestamptz', (c) => c.notNull())
        .addColumn('ends_at', 'timestamptz', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('decided_by', 'text', (c) =>
          c.check(sql`decided_by <> proposed_by or state = 'withdrawn'`),
        )
        .addColumn('decided_at', 'timestamptz')
        .addColumn('decision_reason', 'text')
        .execute();
      await sql`create unique index proposals_open on proposals (customer_id, act)
        where state in ('waiting', 'approved')`.execute(db);
      await sql`create index proposals_queue on proposals (institution, id)
        where state in ('waiting', 'approved')`.execute(db);
      await db.schema
        .createIndex('proposals_own')
        .on('proposals')
        .columns(['institution', 'proposed_by', 'id'])
        .execute();
      await db.schema
        .createTable('reviews')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('key', 'text', (c) => c.notNull().unique())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('acted_by', 'text', (c) => c.notNull())
        .addColumn('acted_at', 'timestamptz', (c) => c.notNull())
        .addColumn('reviewed_by', 'text', (c) => c.check(sql`reviewed_by <> acted_by`))
        .addColumn('reviewed_at', 'timestamptz')
        .addColumn('comment', 'text')
        .execute();
      await sql`create index reviews_due on reviews (institution, id) where reviewed_at is null`.execute(db);
      await db.schema.alterTable('staff_acts').addColumn('proposal', 'bigint').execute();
      await sql`
        create function name_pieces(institution text, name text) returns text[] language sql immutable parallel safe as $$
          select coalesce(array_agg(distinct institution || ' ' || substr(plain, start, size)), '{}')
          from (select lower(replace(normalize(name, NFKC), ' ', '')) as plain) as folded,
            generate_series(1, 2) as size, generate_series(1, char_length(plain) - size + 1) as start
        $$`.execute(db);
      await sql`create index customers_name on customers using gin (name_pieces(institution, name))`.execute(
        db,
      );
    },
  },
  '0014_token_ends': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('customers')
        .addColumn('token_ends_at', 'timestamptz')
        .addColumn('end_told', 'integer')
        .addColumn('end_look_at', 'timestamptz')
        .execute();
      await sql`create index customers_end_look on customers (end_look_at nulls first) where user_id is not null`.execute(
        db,
      );
    },
  },
  '0015_sessions_of_customers': {
    up: async (db: Kysely<unknown>) => {
      // Older sessions name their customer only in their sealed data.
      await db.schema.alterTable('sessions').addColumn('customer_id', 'text').execute();
      await sql`create index sessions_customer on sessions (customer_id) where customer_id is not null`.execute(
        db,
      );
    },
  },
  '0016_staff_drafts': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('staff_drafts')
        .addColumn('clerk_id', 'text', (c) => c.notNull())
        .addColumn('path', 'text', (c) => c.notNull())
        .addColumn('typed', 'bytea', (c) => c.notNull())
        .addColumn('kept_at', 'timestamptz', (c) => c.notNull())
        .addPrimaryKeyConstraint('staff_drafts_form', ['clerk_id', 'path'])
        .execute();
      await db.schema.createIndex('staff_drafts_age').on('staff_drafts').column('kept_at').execute();
    },
  },
  '0017_replace_and_limit': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('proposals')
        .alterColumn('user_id', (c) => c.dropNotNull())
        .alterColumn('token_status', (c) => c.dropNotNull())
        .addColumn('old_limit', 'bigint')
        .addColumn('new_limit', 'bigint')
        .execute();
      await sql`alter table proposals add constraint proposals_fit check (
        case when act = 'limit' then old_limit is not null and new_limit is not null
        else user_id is not null and token_status is not null end)`.execute(db);
      await db.schema.alterTable('customers').addColumn('reissue_of', 'text').execute();
    },
  },
  '0018_change_receipts': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('changes')
        .addColumn('receipt', 'text', (c) => c.unique())
        .execute();
    },
  },
  '0019_papers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('papers')
        .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('key', 'text', (c) => c.notNull().unique())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('brought_by', 'text', (c) => c.notNull())
        .addColumn('received_on', 'text', (c) => c.notNull())
        .addColumn('asked', 'text', (c) => c.notNull())
        .addColumn('registered_by', 'text', (c) => c.notNull())
        .addColumn('registered_at', 'timestamptz', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('papers_customer').on('papers').columns(['customer_id', 'id']).execute();
    },
  },
  '0020_staff_audit': {
    up: async (db: Kysely<unknown>) => {
      await sql`alter table staff_acts alter customer_id drop not null`.execute(db);
      await sql`create index staff_acts_kind on staff_acts (institution, act, outcome, at, id)`.execute(db);
      await sql`create index staff_acts_actor on staff_acts (institution, staff_id, act, outcome, at, id)`.execute(
        db,
      );
      await sql`create index staff_acts_history on staff_acts (customer_id, at, id)`.execute(db);
      await sql`create index staff_acts_token on staff_acts (institution, user_id, at, id)
        where user_id is not null`.execute(db);
    },
  },
  '0021_staff_passkeys': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('staff_passkeys')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('clerk_id', 'text', (c) => c.notNull().references('staff.id').onDelete('cascade'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('public_key', 'bytea', (c) => c.notNull())
        .addColumn('counter', 'bigint', (c) => c.notNull())
        .addColumn('added_at', 'timestamptz', (c) => c.notNull())
        .addColumn('used_at', 'timestamptz')
        .execute();
      await db.schema
        .createIndex('staff_passkeys_clerk')
        .on('staff_passkeys')
        .columns(['clerk_id', 'added_at'])
        .execute();
      await db.schema
        .createTable('staff_challenges')
        .addColumn('challenge', 'text', (c) => c.primaryKey())
        .addColumn('session_hash', 'text', (c) => c.notNull())
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('made_at', 'timestamptz', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('staff_challenges_age').on('staff_challenges').column('made_at').execute();
    },
  },
  '0022_shinkin': {
    up: async (db: Kysely<unknown>) => {
      await sql`alter table customers alter confirmation_hash drop not null`.execute(db);
      await sql`alter table customers add column login_otp boolean not null default false`.execute(db);
      await db.schema
        .createTable('positional_passwords')
        .addColumn('customer_id', 'text', (c) => c.primaryKey().references('customers.id'))
        .addColumn('salt', 'bytea', (c) => c.notNull())
        .addColumn('macs', 'bytea', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('position_challenges')
        .addColumn('customer_id', 'text', (c) => c.primaryKey().references('customers.id'))
        .addColumn('first', 'integer', (c) => c.notNull())
        .addColumn('second', 'integer', (c) => c.notNull())
        .addColumn('made_at', 'timestamptz', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('otp_procedures')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text')
        .addColumn('serial', 'text')
        .addColumn('login_otp', 'boolean')
        .addColumn('codes', 'bytea')
        .addColumn('created_at', 'timestamptz', (c) => c.notNull())
        .addColumn('tried_at', 'timestamptz')
        .addColumn('done_at', 'timestamptz')
        .addColumn('receipt', 'text', (c) => c.unique())
        .execute();
      await sql`create unique index otp_procedures_claimed on otp_procedures (customer_id) where state = 'claimed'`.execute(
        db,
      );
      await sql`create index otp_procedures_open on otp_procedures (created_at) where state = 'claimed'`.execute(
        db,
      );
      await sql`create index otp_procedures_customer on otp_procedures (customer_id, created_at)`.execute(db);
    },
  },
  '0023_proposals_tried': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('proposals').addColumn('tried_at', 'timestamptz').execute();
    },
  },
  '0024_customer_tokens': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('customer_tokens')
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('held_from', 'timestamptz')
        .addColumn('held_until', 'timestamptz')
        .addPrimaryKeyConstraint('customer_tokens_key', ['customer_id', 'user_id'])
        .execute();
      // Nothing recorded since when customers have their token, or which they had before.
      await sql`
        insert into customer_tokens (customer_id, user_id)
        select id, user_id from customers where user_id is not null`.execute(db);
    },
  },
  '0026_reviews_tried': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('reviews').addColumn('tried_at', 'timestamptz').execute();
    },
  },
  '0027_token_imports': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('token_imports')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('digest', 'text', (c) => c.notNull())
        .addColumn('file_name', 'text', (c) => c.notNull())
        .addColumn('staff_id', 'text', (c) => c.notNull())
        .addColumn('begun_at', 'timestamptz', (c) => c.notNull())
        .addColumn('refused', 'integer', (c) => c.notNull())
        .addColumn('refused_rows', 'text', (c) => c.notNull())
        .addColumn('stopped_at', 'timestamptz')
        .addPrimaryKeyConstraint('token_imports_key', ['institution', 'digest'])
        .execute();
      await db.schema
        .createIndex('token_imports_newest')
        .on('token_imports')
        .columns(['institution', 'begun_at'])
        .execute();
    },
  },
  '0029_kept_keys': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('key_checks').addColumn('bank_keys', 'bytea').execute();
    },
  },
  '0030_audit_begins': {
    up: (db: Kysely<unknown>) => createAuditBegins(db, 'staff_acts', 'staff_acts_are_append_only'),
  },
  '0031_unpairings': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('staff_acts')
        .addColumn('device_id', 'text')
        .addColumn('device', 'text')
        .execute();
      await db.schema
        .createTable('unpairings')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('device_id', 'text', (c) => c.notNull())
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('acted_by', 'text', (c) => c.notNull())
        .addColumn('acted_at', 'timestamptz', (c) => c.notNull())
        .addColumn('tried_at', 'timestamptz')
        .execute();
      await db.schema.createIndex('unpairings_age').on('unpairings').column('acted_at').execute();
    },
  },
  '0032_mails_given_up': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('outbox')
        .addColumn('given_up', 'boolean', (c) => c.notNull().defaultTo(false))
        .execute();
    },
  },
  '0033_left_applications': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('left_applications')
        .addColumn('institution', 'text', (c) => c.notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('use', 'text', (c) => c.notNull())
        .addColumn('replacement_before', 'text')
        .addColumn('presented_at', 'timestamptz', (c) => c.notNull())
        .addColumn('tried_at', 'timestamptz')
        .addPrimaryKeyConstraint('left_applications_key', ['institution', 'user_id', 'use'])
        .execute();
    },
  },
  '0034_limit_set_at': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable('customers').addColumn('limit_set_at', 'timestamptz').execute();
    },
  },
  '0035_sessions_ended_by_staff': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .alterTable('sessions')
        .addColumn('ended_by_staff', 'boolean', (c) => c.notNull().defaultTo(false))
        .execute();
    },
  },
};
