import { connect, type Socket } from 'node:net';

/** An HTTP answer, as far as a load needs it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One connection kept alive, one request on it at a time. Written on the socket itself: the client shares two cores
 * with what it measures, and Node's own client costs as much as the service.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #port: number;
  #received = '';
  #waiting: { resolve(answer: Answer): void; reject(reason: Error): void } | undefined;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.setNoDelay(true);
    // The service answers in ASCII: characters are bytes.
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#take(String(text)));
    socket.on('close', () => this.#waiting?.reject(new Error('the service closed the connection')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket, port)));
      socket.once('error', reject);
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  async post(path: string, headers: string, body: string): Promise<Answer> {
    if (this.#socket.destroyed) throw new Error('the service closed the connection');
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
      'latin1',
    );
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const [, length] = /content-length: *(\d+)/i.exec(head) ?? [];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`an answer without a length:\n${head}`));
      return;
    }
    const end = headEnd + 4 + Number(length);
    if (this.#received.length < end) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.#received.slice(headEnd + 4, end) };
    this.#received = this.#received.slice(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }
}

/** Opens several connections at once. */
export function connections(port: number, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(port)));
}

/** The body of an answer. @throws Error if it is a refusal */
export function good({ status, body }: { status: number; body: string }): string {
  if (status >= 300) throw new Error(`${status} ${body}`);
  return body;
}
