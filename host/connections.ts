import type { Socket } from 'node:net';
import { connectionsOpen } from './metrics.ts';

const TOO_MANY_REQUESTS = 429;

/** The connections of a node. If there are too many, an idle one is closed for the new one. */
export class Connections {
  readonly #most: number;
  /** Idle, and never had a successful request. */
  readonly #strangers = new Set<Socket>();
  /** Idle after a successful request. */
  readonly #idle = new Set<Socket>();
  /** Idle or busy, and the last request that says anything about the client was successful. */
  readonly #known = new Set<Socket>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  opened(socket: Socket): void {
    this.#count += 1;
    connectionsOpen.inc();
    this.#strangers.add(socket);
    socket.once('close', () => {
      this.#count -= 1;
      connectionsOpen.dec();
      this.#strangers.delete(socket);
      this.#idle.delete(socket);
      this.#known.delete(socket);
    });
    if (this.#count > this.#most) this.closeOne();
  }

  /** A whole request has arrived: the connection is not closed before the answer. */
  working(socket: Socket): void {
    this.#strangers.delete(socket);
    this.#idle.delete(socket);
  }

  /** @param status of the answer; 429 and 5xx say nothing about the client */
  answered(socket: Socket, status: number): void {
    if (socket.destroyed) return;
    if (status < 400) this.#known.add(socket);
    else if (status < 500 && status !== TOO_MANY_REQUESTS) this.#known.delete(socket);
    (this.#known.has(socket) ? this.#idle : this.#strangers).add(socket);
  }

  /** Closes the connection that has been idle for longest, beginning with strangers. */
  closeOne(): void {
    const [longest] = this.#strangers.size > 0 ? this.#strangers : this.#idle;
    if (longest === undefined) return;
    this.working(longest);
    longest.destroy();
  }
}
