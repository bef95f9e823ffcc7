import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { applyAtCounter } from '../../../token/ways.ts';
import { show } from '../../../web/render.ts';
import { readTop } from '../../common/routes/top.ts';
import { topContent } from '../pages/top.ts';

/** トップページ. */
export function menuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/top', async (c) => {
    const { institution } = c.get('site');
    const content = topContent(await readTop(c, dependencies), {
      dailyLimitWithoutOtp: institution.rules.dailyLimitWithoutOtp,
      applyFirst: c.get('withheld')?.includes('/otp') ? applyAtCounter(institution) : undefined,
    });
    return show(c, dependencies, { screen: ANSER.screens.top, content });
  });
}
