import { request } from 'node:http';

export interface LoginFlood {
  /** HTTP statuses of the logins, and how many had each. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How long the slowest took, in milliseconds. */
  readonly slowestMs: number;
  /** How long pages took that others asked for meanwhile, the slowest. */
  readonly slowestPageMs: number;
}

/** Many log in at once, each from a source of its own, as a trusted proxy says, while others look at pages. */
export async function logInAtOnce(port: number, count: number): Promise<LoginFlood> {
  const visits = await Promise.all(Array.from({ length: count }, () => ask(port, 'GET', '/')));
  let over = false;
  const pages: number[] = [];
  const looking = (async () => {
    while (!over) {
      pages.push((await ask(port, 'GET', '/')).ms);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const logins = await Promise.all(
    visits.map(({ cookie, body }, place) => {
      const [, token = ''] = /name="form_token" value="([^"]+)"/.exec(body) ?? [];
      const form = new URLSearchParams({
        form_token: token,
        login_id: `nobody${place}`,
        password: 'wrong1234',
      });
      return ask(port, 'POST', '/login', {
        cookie,
        form: form.toString(),
        source: `198.51.${place >> 8}.${place & 255}`,
      });
    }),
  );
  over = true;
  await looking;
  const statuses: Record<string, number> = {};
  for (const { status } of logins) statuses[status] = (statuses[status] ?? 0) + 1;
  const slowest = (times: readonly number[]) => Math.round(Math.max(0, ...times));
  return { statuses, slowestMs: slowest(logins.map(({ ms }) => ms)), slowestPageMs: slowest(pages) };
}

interface Asked {
  readonly cookie?: string;
  readonly form?: string;
  readonly source?: string;
}

interface Answered {
  readonly status: number;
  readonly ms: number;
  readonly cookie: string;
  readonly body: string;
}

function ask(
  port: number,
  method: string,
  path: string,
  { cookie, form, source }: Asked = {},
): Promise<Answered> {
  const host = `senpoku.localhost:${port}`;
  const at = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: {
          Host: host,
          ...(cookie && { Cookie: cookie }),
          ...(source && { 'X-Forwarded-For': source }),
          ...(form && { 'Content-Type': 'application/x-www-form-urlencoded', Origin: `http://${host}` }),
        },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            ms: performance.now() - at,
            cookie: (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; '),
            body,
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(form);
  });
}
