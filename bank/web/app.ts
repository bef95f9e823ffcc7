import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { getPath } from 'hono/utils/url';
import { isOutage, OutageError } from '../../core/errors.ts';
import { describeError } from '../../host/describe-error.ts';
import { timeRequests } from '../../host/metrics.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import { withinBase } from './base.ts';
import { type ErrorStatus, unavailablePage, unknownHostPage } from './error.ts';
import {
  type ForeignForm,
  formsOnly,
  namesWithoutNul,
  protectingHeaders,
  readForm,
  sameOrigin,
  smallBody,
} from './guard.ts';
import { type BankContext, showError } from './render.ts';
import { recogniseVisitor } from './visitor.ts';

/**
 * An application whose answers carry the protecting headers and whose errors are pages. Its paths start below the base of
 * the institution's site.
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

/** An application for an institution's pages: it knows the site and the visitor, and has checked every form. */
export function newPages(dependencies: BankDependencies): Hono<BankEnv> {
  const app = newApp(dependencies);
  app.use(timeRequests());
  app.use(async (c, next) => {
    const { site } = c.env;
    if (site === undefined) return unknownHost(c, dependencies);
    c.set('site', site);
    await next();
  });
  app.use(withinBase);
  app.use(recogniseVisitor(dependencies), namesWithoutNul);
  // A window that shows the login's form goes on where another one of the same browser has logged in.
  const loggedInMeanwhile: ForeignForm<BankEnv> = async (c) =>
    c.req.path === '/login/otp' && c.get('visitor').session?.stage === 'open'
      ? c.redirect('/top', 303)
      : undefined;
  app.use(formsOnly, sameOrigin, smallBody, readForm(dependencies, loggedInMeanwhile));
  return app;
}

function unknownHost(c: BankContext, { assets }: BankDependencies, status: 404 | 500 = 404) {
  return c.html(unknownHostPage(assets.href('bank.css')), status);
}

const REFUSALS: readonly ErrorStatus[] = [400, 403, 405, 413, 415];

/** Answers a refusal with its status. Everything else is a bug of ours: the log gets the details, the customer none. */
async function refuse(error: Error, c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const status = statusOfError(error, c, dependencies);
  const isTheirs = status !== 500 && status !== 503;
  if (isTheirs || c.get('visitor') !== undefined) return showError(c, dependencies, status);
  return status === 503 ? c.html(unavailablePage(status), status) : unknownHost(c, dependencies, status);
}

/** The status to answer an error with; 500 and 503 are not the visitor's fault. Writes the error to the log. */
export function statusOfError(
  error: Error,
  c: Context,
  { logger }: Pick<BankDependencies, 'logger'>,
): ErrorStatus {
  if (error instanceof HTTPException) {
    logger.info({ path: c.req.path, status: error.status }, 'refused request');
    return REFUSALS.find((status) => status === error.status) ?? 400;
  }
  // An outage is logged once, where it is found.
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
