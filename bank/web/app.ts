import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { getPath } from 'hono/utils/url';
import { isOutage, OutageError } from '../../core/errors.ts';
import { describeError } from '../../host/describe-error.ts';
import { timeRequests } from '../../host/metrics.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import { withinBase } from './base.ts';
import { type ErrorStatus, unavailablePage, unknownHostPage } from './error.ts';
import { formsOnly, protectingHeaders, readForm, sameOrigin, smallBody } from './guard.ts';
import { type BankContext, showError } from './render.ts';
import { recogniseVisitor } from './visitor.ts';

/**
 * An application whose answers carry the protecting headers and whose errors are pages. An institution's is asked for
 * paths below its site's base.
 */
export function newApp(dependencies: BankDependencies): Hono<BankEnv> {
  const app = new Hono<BankEnv>({
    getPath: (request, options) => getPath(request).slice(options?.env?.site?.base.length ?? 0) || '/',
  });
  app.onError((error, c) => refuse(error, c, dependencies));
  app.notFound((c) =>
    c.get('site') === undefined ? unknownHost(c, dependencies) : showError(c, dependencies, 404),
  );
  app.use(protectingHeaders);
  return app;
}

/** What stands before every page of an institution: whose it is, who asks, and what a form must be. */
export function newPages(dependencies: BankDependencies): Hono<BankEnv> {
  const app = newApp(dependencies);
  app.use(timeRequests);
  app.use(async (c, next) => {
    const { site } = c.env;
    if (site === undefined) return unknownHost(c, dependencies);
    c.set('site', site);
    await next();
  });
  app.use(withinBase);
  app.use(recogniseVisitor(dependencies));
  app.use(formsOnly, sameOrigin, smallBody, readForm(dependencies));
  return app;
}

function unknownHost(c: BankContext, { assets }: BankDependencies, status: 404 | 500 = 404) {
  return c.html(unknownHostPage(assets.href('bank.css')), status);
}

const REFUSALS: readonly ErrorStatus[] = [400, 403, 405, 413, 415];

/** Refusals by their status; everything else is a bug of ours, told to the log and not to the customer. */
async function refuse(error: Error, c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const status = statusOfError(error, c, dependencies);
  const isTheirs = status !== 500 && status !== 503;
  if (isTheirs || c.get('visitor') !== undefined) return showError(c, dependencies, status);
  return status === 503 ? c.html(unavailablePage(), status) : unknownHost(c, dependencies, status);
}

/** What an error is answered with, 500 and 503 where it is none of the visitor's; told to the log. */
export function statusOfError(
  error: Error,
  c: Context,
  { logger }: Pick<BankDependencies, 'logger'>,
): ErrorStatus {
  if (error instanceof HTTPException) {
    logger.info({ path: c.req.path, status: error.status }, 'refused request');
    return REFUSALS.find((status) => status === error.status) ?? 400;
  }
  // What is full or does not answer is told of once, where it is found.
  if (!(error instanceof OutageError)) {
    logger.error(
      { path: c.req.path, error: describeError(error) },
      'request failed with an unexpected error',
    );
  }
  const status = isOutage(error) ? 503 : 500;
  if (status === 503) c.header('Retry-After', '5');
  return status;
}
