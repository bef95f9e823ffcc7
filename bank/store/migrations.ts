import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Append only: a migration that has shipped is never edited or renumbered. */
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
};
