import type { Socket } from 'node:net';

/** The connections of a node. Beyond the most it holds, one that asks nothing makes room for the new one. */
export class Connections {
  readonly #most: number;
  /** Nothing they sent is whole, or was good for anything. */
  readonly #strangers = new Set<Socket>();
  /** Served, and kept for the next request. */
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

  /** @param served whether it was given what it asked for, rather than refused */
  answered(socket: Socket, served: boolean): void {
    if (!socket.destroyed) (served ? this.#idle : this.#strangers).add(socket);
  }

  /** Closes the connection that has asked nothing for longest, strangers' first. */
  closeOne(): void {
    const [longest] = this.#strangers.size > 0 ? this.#strangers : this.#idle;
    if (longest === undefined) return;
    this.working(longest);
    longest.destroy();
  }
}
