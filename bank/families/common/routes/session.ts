import type { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import type { Institution } from '../../../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { leaveChallenge } from '../../../token/challenge.ts';
import { type Page, TEXT_SIZES } from '../../../web/layout.ts';
import { show, TEXT_SIZE_COOKIE } from '../../../web/render.ts';
import { endSession, newSessionId } from '../../../web/session.ts';
import { giveSession, isSecure } from '../../../web/visitor.ts';
import { CHANGED_PATH } from './login.ts';

const YEAR_S = 365 * 24 * 60 * 60;

/** A path of our own; nothing that a browser would read as another host. */
const OWN_PATH = /^\/[A-Za-z0-9_/-]*$/;

interface OpenPages {
  readonly loggedOut: Page;
  timedOut(institution: Institution): Page;
  help(institution: Institution): Page;
}

/** Pages open to everyone: ログアウト, timeout, お困りのとき, 文字サイズ. */
export function sessionRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, pages: OpenPages): void {
  app.post('/logout', async (c) => {
    await endSession(dependencies.db, c.get('visitor').id);
    leaveChallenge(c, dependencies);
    giveSession(c, newSessionId(dependencies));
    return c.redirect('/logged-out', 303);
  });
  app.get('/logged-out', (c) => show(c, dependencies, pages.loggedOut));
  app.get('/timeout', (c) => {
    const { timedOut, endedByStaff } = c.get('visitor');
    if (timedOut) giveSession(c, newSessionId(dependencies));
    if (endedByStaff) return c.redirect(CHANGED_PATH, 303);
    return show(c, dependencies, pages.timedOut(c.get('site').institution));
  });
  app.get('/help', (c) => show(c, dependencies, pages.help(c.get('site').institution)));
  app.post('/text-size', (c) => {
    const size = TEXT_SIZES.find(({ key }) => key === c.get('form').get('size'));
    if (size === undefined) throw new HTTPException(400);
    const secure = isSecure(c.get('site'));
    setCookie(c, TEXT_SIZE_COOKIE, size.key, {
      path: '/',
      maxAge: YEAR_S,
      httpOnly: true,
      sameSite: 'Lax',
      secure,
    });
    const back = c.get('form').get('return') ?? '/';
    return c.redirect(OWN_PATH.test(back) && !back.startsWith('//') ? back : '/', 303);
  });
}
