import { createHash } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';
import { OutageError } from '../core/errors.ts';
import { codeOf } from './listen.ts';

export interface PreparingSettings extends ClientConfig {
  /** Whether to prepare every statement, so that it is parsed and planned once for each connection. */
  readonly prepare?: boolean;
}

/**
 * A connection to PostgreSQL whose statements may be prepared, and go on being answered when tables are changed under them. If it breaks,
 * the process goes on, and the statement that used it fails.
 */
export class PreparingClient extends Client {
  readonly #prepare: boolean;
  /** Counts how often tables were changed under this connection: what was planned before is planned anew. */
  #plans = 0;

  constructor({ prepare = false, ...config }: PreparingSettings = {}) {
    super(config);
    this.#prepare = prepare;
    this.on('error', () => {});
  }

  // biome-ignore lint/suspicious/noExplicitAny: the library has overloads; only (text, values) is prepared.
  override query(...[text, values, ...rest]: any[]): any {
    const named = this.#prepare && typeof text === 'string' && Array.isArray(values);
    if (!named) return this.ask([text, values, ...rest]);
    const prepared = () => this.ask([{ name: nameOf(text, this.#plans), text, values }]);
    return prepared().catch((error: unknown) => {
      if (!isOfChangedTables(error)) throw error;
      this.#plans += 1;
      return prepared().catch(refuseInTransaction);
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  protected ask(asked: any[]): any {
    return Reflect.apply(super.query, this, asked);
  }
}

/**
 * PostgreSQL's code for a plan whose columns a migration has changed. Nothing was done: outside a transaction the statement is
 * sent again.
 */
const NOT_SUPPORTED = '0A000';
/** Its code for every later statement of a transaction that failed. */
const IN_FAILED_TRANSACTION = '25P02';

const isOfChangedTables = (error: unknown) =>
  error instanceof Error && codeOf(error) === NOT_SUPPORTED && error.message.startsWith('cached plan');

function refuseInTransaction(error: unknown): never {
  if (codeOf(error) !== IN_FAILED_TRANSACTION) throw error;
  throw new OutageError('tables were changed during a transaction');
}

function nameOf(text: string, plans: number): string {
  return createHash('sha256').update(`${plans} ${text}`).digest('base64url');
}
