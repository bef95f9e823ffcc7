import { createMiddleware } from 'hono/factory';
import type { ServiceEnv } from './context.ts';
import { ProblemError } from './problem.ts';

/** A media type of JSON with parameters (RFC 9110 §8.3.1), each of a form that the routes' own check takes as well. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = `[0-9A-Za-z-]+=(?:${TOKEN}|"(?:[^"\\\\;]|\\\\[^;])*")`;
const JSON_TYPE = new RegExp(`^application/json(?:;[ \\t]*${PARAMETER}[ \\t]*)*$`, 'i');

/** The only character set of JSON between systems (RFC 8259 §8.1). */
const OTHER_CHARSET = /;[ \t]*charset=(?!"?utf-?8"?[ \t]*(?:;|$))/i;

/** Writes without a body: an act on a token that says it all, or a question for an outcome. */
const HAS_NO_BODY = /^\/v1\/(?:tokens\/[^/]*\/(?:void|suspend)|token\/suspend|outcomes)$/;

/** The decoder's replacement for bytes that are not UTF-8. No valid request contains it, as names with it are refused too. */
const NOT_UTF_8 = '\ufffd';

/** Requires of writes: JSON in UTF-8, no content encoding, and a valid length. Forbids caching of every answer. */
export const wellFormed = createMiddleware<ServiceEnv>(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  if (!/^[0-9]{0,15}$/.test(c.req.header('Content-Length') ?? '')) {
    throw new ProblemError('invalid_request', 'Content-Length is not a number');
  }
  if (isWrite(c.req.method)) {
    const encoding = c.req.header('Content-Encoding') ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') throw new ProblemError('unsupported_media_type');
    if (!HAS_NO_BODY.test(c.req.path) && !isJson(c.req.header('Content-Type') ?? '')) {
      throw new ProblemError('unsupported_media_type');
    }
  }
  await next();
});

/** Requires a body of valid UTF-8. It runs after the check of the length, as it reads the whole body. */
export const utf8 = createMiddleware<ServiceEnv>(async (c, next) => {
  if (isWrite(c.req.method) && (await c.req.text()).includes(NOT_UTF_8)) {
    throw new ProblemError('invalid_request', 'The body is not UTF-8');
  }
  await next();
});

const isWrite = (method: string) => method === 'POST' || method === 'PUT';

const isJson = (type: string) => JSON_TYPE.test(type) && !OTHER_CHARSET.test(type);
