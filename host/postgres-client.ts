import { OutageError } from '../core/errors.ts';
import { codeOf } from './listen.ts';
import type { PostgresAddresses } from './postgres-addresses.ts';
import { PreparingClient, type PreparingSettings } from './preparing-client.ts';

/** What all connections to a database share. */
export interface Reach {
  readonly addresses: PostgresAddresses;
  /** Called when a server does not answer. */
  readonly unanswered: () => void;
  /** Unanswered statements, oldest first. */
  readonly statements: Set<Unanswered>;
}

export interface Unanswered {
  readonly since: number;
  readonly by: PostgresClient;
}

export interface ClientSettings extends PreparingSettings {
  readonly reach: Reach;
  /** URL of the server; of the one in use, unless given. */
  readonly address?: string;
}

/** PostgreSQL's code for a write on a read-only server, such as a former primary. */
const READ_ONLY = '25006';

/** A connection to the server in use. It is closed if its server does not answer or takes no writes. */
export class PostgresClient extends PreparingClient {
  readonly #reach: Reach;
  readonly #address: string;

  constructor({ reach, address = reach.addresses.current(), ...config }: ClientSettings) {
    super({ ...config, connectionString: address, keepAlive: true, keepAliveInitialDelayMillis: 5_000 });
    this.#reach = reach;
    this.#address = address;
    let connected = false;
    this.once('connect', () => {
      connected = true;
    });
    this.once('end', () => {
      if (!connected) reach.addresses.failed(address);
    });
  }

  /** Whether another server was found to be the primary since. */
  get isOfFormerPrimary(): boolean {
    return this.#address !== (this.#reach.addresses.primary() ?? this.#address);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the library has overloads.
  protected override ask(asked: any[]): any {
    const answer = super.ask(asked);
    if (!(answer instanceof Promise)) return answer;
    const statement = { since: performance.now(), by: this };
    this.#reach.statements.add(statement);
    return answer
      .finally(() => this.#reach.statements.delete(statement))
      .catch((error: unknown) => this.#judge(error));
  }

  /** @throws OutageError if this server is read-only, as another one is or becomes the primary */
  async mustTakeWrites(): Promise<void> {
    const { rows } = await this.query('show transaction_read_only');
    if (rows[0]?.transaction_read_only !== 'on') return;
    this.#reach.addresses.failed(this.#address);
    throw new OutageError('the database server takes no writes');
  }

  /**
   * Commits something that leaves no trace, and so finds that this server is the primary. A former one that does not know of the
   * next says that it takes writes, and acknowledges none, as no standby follows it.
   * @throws Error if this server is read-only, or acknowledges nothing in time
   */
  async mustBePrimary(withinMs: number): Promise<void> {
    await this.mustTakeWrites();
    await this.query({ text: "select pg_logical_emit_message(true, 'warifu', '')", query_timeout: withinMs });
    this.#reach.addresses.isPrimary(this.#address);
  }

  /** Closes the connection if the error shows that it is useless. @throws the error itself */
  #judge(error: unknown): never {
    const readOnly = codeOf(error) === READ_ONLY;
    if (readOnly) this.#reach.addresses.failed(this.#address);
    if (isUnanswered(error) && !this.isOfFormerPrimary) this.#reach.unanswered();
    if (readOnly || isUnanswered(error)) void this.end();
    throw error;
  }
}

/** Whether an error means that the server did not answer; a healthy one answers, if only with a refusal. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Query read timeout|timeout expired|Connection terminated due to connection timeout)$/.test(
      error.message,
    )
  );
}
