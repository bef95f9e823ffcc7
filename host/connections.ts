import type { Socket } from 'node:net';

/** The connections of a node. Beyond the most it holds, one that asks nothing makes room for the new one. */
export class Connections {
  readonly #most: number;
  /** Nothing was ever answered on them, and nothing they sent is whole. */
  readonly #strangers = new Set<Socket>();
  /** Answered, and kept for the next request. */
  readonly #idle = new Set<Socket>();
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
    });
    if (this.#count > this.#most) this.closeOne();
  }

  /** A whole request has come: it is not to be closed before its answer. */
  working(socket: Socket): void {
    this.#strangers.delete(socket);
    this.#idle.delete(socket);
  }

  answered(socket: Socket): void {
    if (!socket.destroyed) this.#idle.add(socket);
  }

  /** Closes the connection that has asked nothing for longest, strangers' first. */
  closeOne(): void {
    const [longest] = this.#strangers.size > 0 ? this.#strangers : this.#idle;
    if (longest === undefined) return;
    this.working(longest);
    longest.destroy();
  }
}
