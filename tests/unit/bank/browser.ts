/** A person at the bank with a browser: keeps cookies, sees the last page, fills in its forms. */

/** What answers for the bank. */
export interface Bank {
  request(url: string, init: RequestInit): Response | Promise<Response>;
}

export const BANK = 'http://senpoku.localhost:4601';
/** Origin of the staff console. */
export const STAFF = 'http://staff.localhost:4601';

/** Address of an institution's pages. */
export interface Place {
  readonly origin: string;
  /** Prefix of its paths. */
  readonly base: string;
}

export interface Seen {
  /** Path of the last redirect, below the base. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** The visible text, without markup. */
  readonly text: string;
  readonly heading: string;
  readonly screenId: string;
}

export class Browser {
  readonly #bank: Bank;
  readonly #place: Place;
  readonly #cookies: Map<string, string>;
  #seen: Seen | undefined;

  constructor(bank: Bank, place: Place = { origin: BANK, base: '' }, cookies = new Map<string, string>()) {
    this.#bank = bank;
    this.#place = place;
    this.#cookies = cookies;
  }

  get seen(): Seen {
    if (this.#seen === undefined) throw new Error('no page yet');
    return this.#seen;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Another window, which starts with the same cookies and then shares nothing; `bank` after a restart. */
  copy(bank: Bank = this.#bank): Browser {
    const copy = new Browser(bank, this.#place, new Map(this.#cookies));
    copy.#seen = this.#seen;
    return copy;
  }

  /** Another browser, with no cookies. */
  another(): Browser {
    return new Browser(this.#bank, this.#place);
  }

  /** Another tab, with the same cookies. */
  tab(place: Place): Browser {
    return new Browser(this.#bank, place, this.#cookies);
  }

  open(path: string): Promise<Seen> {
    return this.#follow(path, { method: 'GET' });
  }

  /** Sends the shown form whose action is `action`, with its hidden fields. */
  send(action: string, fields: Record<string, string> = {}): Promise<Seen> {
    return this.post(action, { ...this.hidden(action), ...fields });
  }

  hidden(action: string): Record<string, string> {
    const [, form] =
      new RegExp(`action="${this.#place.base}${action}"[^>]*>([\\s\\S]*?)</form>`).exec(this.seen.html) ?? [];
    if (form === undefined) throw new Error(`no form for ${action} on ${this.seen.path}`);
    const inputs = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
    return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]));
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Seen> {
    return this.#follow(path, {
      method: 'POST',
      headers: {
        origin: this.#place.origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Sends the shown form with a file, as `multipart/form-data`; `chosen` undefined where none was chosen. */
  upload(action: string, fields: Record<string, string>, chosen?: File): Promise<Seen> {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...this.hidden(action), ...fields })) body.set(name, value);
    body.set('file', chosen ?? new File([], ''));
    return this.#follow(action, { method: 'POST', headers: { origin: this.#place.origin }, body });
  }

  async #follow(path: string, init: RequestInit): Promise<Seen> {
    let at = path;
    let response = await this.#request(at, init);
    while (response.status === 303) {
      at = this.#below(response.headers.get('location') ?? '/');
      response = await this.#request(at, { method: 'GET' });
    }
    const html = await response.text();
    this.#seen = {
      path: at,
      status: response.status,
      headers: response.headers,
      html,
      text: html
        .replace(/<head>[\s\S]*<\/head>/, '')
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' '),
      heading: /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '',
      screenId: /画面ID : (\w+)/.exec(html)?.[1] ?? '',
    };
    return this.#seen;
  }

  #below(path: string): string {
    const { base } = this.#place;
    if (!path.startsWith(`${base}/`)) throw new Error(`${path} is not below ${base}`);
    return path.slice(base.length);
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) headers.set('cookie', this.cookie);
    const response = await this.#bank.request(`${this.#place.origin}${this.#place.base}${path}`, {
      ...init,
      headers,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** A value as the browser reads it from the markup. */
const unescaped = (markup: string) =>
  markup.replace(/&([a-z]+|#\d+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
