import { Client, DatabaseError } from 'pg';

const EVERY_MS = 20;
const ANSWER_WITHIN_MS = 1_000;

/** Commits at a server again and again, as psql would. @returns ends it */
export function writeTo(url: string, committed: () => void): () => Promise<void> {
  let ended = false;
  const write = async (client: Client) => {
    await client.connect();
    while (!ended) {
      await client
        .query(`select pg_logical_emit_message(true, 'failover', '')`)
        .then(committed, goOnAtStandby);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const writing = (async () => {
    while (!ended) {
      const client = new Client({
        connectionString: url,
        connectionTimeoutMillis: ANSWER_WITHIN_MS,
        query_timeout: ANSWER_WITHIN_MS,
      });
      client.on('error', () => {});
      await write(client).catch(() => {});
      void client.end();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return async () => {
    ended = true;
    await writing;
  };
}

/** A standby refuses, and keeps its connections when it becomes the primary. */
function goOnAtStandby(error: unknown): void {
  if (!(error instanceof DatabaseError) || error.severity === 'FATAL') throw error;
}

/** How long nothing was done, at the longest, of what is done again and again. */
export class Pauses {
  #last = performance.now();
  #longest = 0;

  done(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }

  /** Begins anew. */
  reset(): void {
    this.#last = performance.now();
    this.#longest = 0;
  }

  get longestMs(): number {
    return Math.round(this.#longest);
  }
}
