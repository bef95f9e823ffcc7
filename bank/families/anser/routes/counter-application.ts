import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { findCustomer } from '../../../store/customers.ts';
import { mustApplyOnPaper, takesPaper } from '../../../token/ways.ts';
import { show } from '../../../web/render.ts';
import { counterApplicationContent } from '../pages/counter-application.ts';

const OTP = '/otp';

/**
 * Where customers apply on paper, the bank offers and accepts nothing of ワンタイムパスワード申請 until staff have registered
 * the paper. The next page that the customer opens then offers it.
 */
export function counterApplication(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.use(async (c, next) => {
    const { institution } = c.get('site');
    const { session } = c.get('visitor');
    if (takesPaper(institution) && session?.stage === 'open') {
      const customer = await findCustomer(dependencies.db, session.customerId);
      if (mustApplyOnPaper(institution, customer)) c.set('withheld', [OTP]);
    }
    await next();
  });
  app.use(`${OTP}/*`, async (c, next) => {
    if (!c.get('withheld')?.includes(OTP)) return next();
    const content = counterApplicationContent(c.get('site').institution);
    return show(c, dependencies, { screen: ANSER.screens.otpCounter, content, failed: false }, 409);
  });
}
