import type { Socket } from 'node:net';

const TOO_MANY_REQUESTS = 429;

/** The connections of a node. Beyond the most it holds, one that asks nothing makes room for the new one. */
export class Connections {
  readonly #most: number;
  /** Nothing they sent is whole, or was good for anything. */
  readonly #strangers = new Set<Socket>();
  /** Served, and kept for the next request. */
  readonly #idle = new Set<Socket>();
  /** Those whose last request that could be judged was good for something. */
  readonly #known = new Set<Socket>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  opened(socket: Socket): void {
    this.#count += 1;
    this.#strangers.add(socket);
    socket.once('close', () => {
      this.#count -= 1;
      this.#strangers.delete(socket);
      this.#idle.delete(socket);
      this.#known.delete(socket);
    });
    if (this.#count > this.#most) this.closeOne();
  }

  /** A whole request has come: it is not to be closed before its answer. */
  working(socket: Socket): void {
    this.#strangers.delete(socket);
    this.#idle.delete(socket);
  }

  /** @param status of the answer; one that only says that there is no room or no time tells nothing of who asked */
  answered(socket: Socket, status: number): void {
    if (socket.destroyed) return;
    if (status < 400) this.#known.add(socket);
    else if (status < 500 && status !== TOO_MANY_REQUESTS) this.#known.delete(socket);
    (this.#known.has(socket) ? this.#idle : this.#strangers).add(socket);
  }

  /** Closes the connection that has asked nothing for longest, strangers' first. */
  closeOne(): void {
    const [longest] = this.#strangers.size > 0 ? this.#strangers : this.#idle;
    if (longest === undefined) return;
    this.working(longest);
    longest.destroy();
  }
}
