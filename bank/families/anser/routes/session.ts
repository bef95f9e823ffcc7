import type { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { TEXT_SIZES } from '../../../web/layout.ts';
import { show, TEXT_SIZE_COOKIE } from '../../../web/render.ts';
import { endSession, newSessionId } from '../../../web/session.ts';
import { giveSession, isSecure } from '../../../web/visitor.ts';
import { helpContent } from '../pages/help.ts';
import { loggedOutContent, timedOutContent } from '../pages/login.ts';
import { firstUseContent } from '../pages/top.ts';

const YEAR_S = 365 * 24 * 60 * 60;

/** A path of ours and nothing that a browser would take for another host. */
const OWN_PATH = /^\/[A-Za-z0-9_/-]*$/;

/** What is open to everyone: ログアウト, timeout, お困りのとき, 文字サイズ. */
export function sessionRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.post('/logout', async (c) => {
    await endSession(dependencies.db, c.get('visitor').id);
    giveSession(c, newSessionId(dependencies));
    return c.redirect('/logged-out', 303);
  });
  app.get('/logged-out', (c) =>
    show(c, dependencies, { screen: ANSER.screens.loggedOut, content: loggedOutContent() }),
  );
  app.get('/timeout', (c) => {
    if (c.get('visitor').timedOut) giveSession(c, newSessionId(dependencies));
    return show(c, dependencies, {
      screen: ANSER.screens.timedOut,
      content: timedOutContent(c.get('site').institution),
    });
  });
  app.get('/first-use', (c) =>
    show(c, dependencies, { screen: ANSER.screens.firstUse, content: firstUseContent() }),
  );
  app.get('/help', (c) =>
    show(c, dependencies, { screen: ANSER.screens.help, content: helpContent(c.get('site').institution) }),
  );
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
