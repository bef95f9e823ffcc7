import { type OutgoingHttpHeaders, request } from 'node:http';
import { type Customer, LOGIN_PASSWORD } from '../pages/bank.ts';

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Somebody at the bank in a session of their own, by plain requests: no browser, and no extension in it. */
export class Visitor {
  readonly #bank: URL;
  /** Of those that share an origin each stands in a folder of its own. */
  readonly #folder: string;
  readonly #cookies = new Map<string, string>();

  constructor(bankUrl: string) {
    this.#bank = new URL(bankUrl);
    this.#folder = this.#bank.pathname.replace(/\/$/, '');
  }

  /** Names and values, to go on in a browser. */
  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  /** The page at a path, and where it leads on to by itself. */
  async open(path: string): Promise<string> {
    const { headers, body } = await this.ask('GET', path);
    return headers.location === undefined ? body.toString() : this.open(String(headers.location));
  }

  /** Sends the form of a page, with some fields filled in. @returns the page that follows */
  async send(page: string, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const form = new URLSearchParams({
      ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
      ...fields,
    });
    const type = { 'content-type': 'application/x-www-form-urlencoded', origin: this.#bank.origin };
    const { headers, body } = await this.ask('POST', action, type, form.toString());
    return headers.location === undefined ? body.toString() : this.open(String(headers.location));
  }

  /** Gives ID and password. @returns the page that follows */
  async login({ loginId }: Pick<Customer, 'loginId'>, password = LOGIN_PASSWORD): Promise<string> {
    return this.send(await this.open('/'), '/login', { login_id: loginId, password });
  }

  ask(method: string, path: string, headers: OutgoingHttpHeaders = {}, body = ''): Promise<Answer> {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const own = { host: this.#bank.host, cookie, 'content-length': Buffer.byteLength(body) };
    const at = path.startsWith(`${this.#folder}/`) ? path : this.#folder + path;
    return new Promise((resolve, reject) => {
      const asking = request(
        { host: '127.0.0.1', port: this.#bank.port, method, path: at, headers: { ...headers, ...own } },
        async (answer) => {
          const parts = await answer.toArray();
          this.#keep(answer.headers['set-cookie'] ?? []);
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) });
        },
      );
      asking.on('error', reject).end(body);
    });
  }

  #keep(set: readonly string[]): void {
    for (const [, name = '', value = ''] of set.map((one) => /^([^=]+)=([^;]*)/.exec(one) ?? [])) {
      this.#cookies.set(name, value);
    }
  }
}
