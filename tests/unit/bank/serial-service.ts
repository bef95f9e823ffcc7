import type { Token } from '../../../core/api/bank.ts';
import { ORIGIN } from '../../service/test-service.ts';
import type { TestBank } from './test-bank.ts';

/**
 * The real token service with what it lacks: tokens are bound to a contract by their serial, and exchanged. A token that was
 * enrolled and not activated stands for an unbound one; binding activates it.
 */
export function serialService(test: TestBank) {
  const { app, db } = test.service;
  /** Serials of tokens that are devices. */
  const hardware = new Set<string>();

  const named = (token: Token): Token => ({
    ...token,
    kind: hardware.has(token.serial ?? '') ? 'hardware-totp' : 'serial',
  });
  const answer = (body: unknown) => Response.json(body);

  async function ask(path: string, init: RequestInit, body: unknown): Promise<Response> {
    return app.request(`${ORIGIN}${path}`, { ...init, body: JSON.stringify(body) });
  }

  async function bind(serial: string, codes: readonly string[], init: RequestInit) {
    const row = await db
      .selectFrom('tokens')
      .select('user_id')
      .where('institution', '=', 'ehime')
      .where('serial', '=', serial)
      .executeTakeFirst();
    const wanted = hardware.has(serial) ? 2 : 1;
    if (row === undefined || codes.length !== wanted) return { accepted: false };
    const said = await ask(`/v1/tokens/${row.user_id}/activate`, init, { code: codes.at(-1) });
    // Of another contract already.
    if (!said.ok) return { accepted: false };
    const { accepted, token } = (await said.json()) as { accepted: boolean; token: Token };
    return accepted ? { accepted, token: named(token) } : { accepted: false };
  }

  async function exchange(
    userId: string,
    body: { code: string; serial: string; codes: string[] },
    init: RequestInit,
  ) {
    const headers = new Headers(init.headers);
    const key = headers.get('idempotency-key') ?? '';
    const step = (name: string) => ({
      ...init,
      headers: { ...Object.fromEntries(headers), 'idempotency-key': `${key}${name}` },
    });
    const bound = await bind(body.serial, body.codes, step('bind'));
    if (!bound.accepted) return { accepted: false };
    const said = await ask(`/v1/tokens/${userId}/release`, step('release'), { code: body.code });
    const { accepted } = (await said.json()) as { accepted: boolean };
    if (accepted) return bound;
    const back = { status: 'enrolled', activated_at: null } as const;
    await db.updateTable('tokens').set(back).where('serial', '=', body.serial).execute();
    return { accepted: false };
  }

  test.replaceService({
    request: async (url, init) => {
      const { pathname } = new URL(url);
      const [, serial] = /^\/v1\/serials\/([0-9A-Z]{6,24})\/bind$/.exec(pathname) ?? [];
      const [, userId] = /^\/v1\/tokens\/([0-9]{12})\/exchange$/.exec(pathname) ?? [];
      const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
      if (serial !== undefined) return answer(await bind(serial, body.codes, init));
      if (userId !== undefined) return answer(await exchange(userId, body, init));
      const response = await app.request(url, init);
      if (!/^\/v1\/tokens\/[0-9]{12}$/.test(pathname) || !response.ok) return response;
      return answer(named((await response.json()) as Token));
    },
  });
  return { hardware };
}
