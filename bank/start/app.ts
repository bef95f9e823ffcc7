import type { Hono } from 'hono';
import type { BankDependencies, BankEnv } from '../context.ts';
import { newApp } from '../web/app.ts';
import { startPage } from './page.ts';

/** The start page: the institutions, where they are, and the story to follow. It keeps nothing about its visitor. */
export function startPages(dependencies: BankDependencies): Hono<BankEnv> {
  const { directory, start, assets } = dependencies;
  const app = newApp(dependencies);
  app.get('/', (c) => {
    const asked = c.req.query('bank');
    const chosen = directory.institutions.find(({ key }) => key === asked) ?? directory.institutions[0];
    if (chosen === undefined) return c.notFound();
    return c.html(startPage({ directory, places: start, chosen, href: assets.href }));
  });
  return app;
}
