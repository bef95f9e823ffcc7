import type { Hono } from 'hono';
import { SHINKIN } from '../../../../core/family/shinkin.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { findCustomer } from '../../../store/customers.ts';
import { currentState } from '../../../token/state.ts';
import { openSession } from '../../../web/guard.ts';
import { show, showError } from '../../../web/render.ts';
import { topContent } from '../../common/pages/top.ts';
import { readTop } from '../../common/routes/top.ts';
import { cancellationSheet } from '../pages/cancellation.ts';
import { guideContent } from '../pages/help.ts';
import { ending, otpStatusContent } from '../pages/top.ts';

/** トップページ and ワンタイムパスワード, after login; ワンタイムパスワードご案内 and 解約届, open to everyone. */
export function menuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  const { db } = dependencies;
  app.get('/top', async (c) => {
    const content = topContent(await readTop(c, dependencies), ending);
    return show(c, dependencies, { screen: SHINKIN.screens.top, content });
  });
  app.get('/otp', async (c) => {
    const customer = await findCustomer(db, openSession(c).customerId);
    const state = await currentState(dependencies, c.get('site').institution, customer);
    if (state === undefined) return showError(c, dependencies, 503);
    const content = otpStatusContent(state, customer.login_otp);
    return show(c, dependencies, { screen: SHINKIN.screens.otpStatus, content });
  });
  app.get('/otp-guide', (c) =>
    show(c, dependencies, {
      screen: SHINKIN.screens.help,
      heading: 'ワンタイムパスワードご案内',
      content: guideContent(c.get('site').institution),
    }),
  );
  app.get('/forms/cancellation', (c) =>
    c.html(cancellationSheet(c.get('site').institution, dependencies.assets.href)),
  );
}
