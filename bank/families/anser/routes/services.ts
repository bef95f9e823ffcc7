import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { KINDS } from '../../../request/kinds.ts';
import { openChanges } from '../../../store/changes.ts';
import { openSession } from '../../../web/guard.ts';
import { show } from '../../../web/render.ts';
import { servicesContent } from '../pages/services.ts';

/** Where a form was filled in without the OTP in use, which is in use when it comes. */
export const USED_MEANWHILE =
  'ワンタイムパスワードの登録状況が変わったため、お手続きできません。内容を確認して、もう一度入力してください。';

/** ご利用サービスの変更. */
export function servicesRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/services', async (c) => {
    const rows = await openChanges(dependencies.db, openSession(c).customerId);
    const open = rows.map((row) => ({ row, path: KINDS[row.type].pathOf(row.id) }));
    return show(c, dependencies, { screen: ANSER.screens.services, content: servicesContent(open) });
  });
}
