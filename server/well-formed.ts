import { createMiddleware } from 'hono/factory';
import type { ServiceEnv } from './context.ts';
import { ProblemError } from './problem.ts';

/** RFC 9110 §8.3.1: a media type of JSON with parameters, each a name and a token or a quoted string. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const JSON_TYPE = new RegExp(
  `^application/json(?:[ \\t]*;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*[ \\t]*$`,
  'i',
);

/** The only character set JSON has between systems (RFC 8259 §8.1). */
const OTHER_CHARSET = /;[ \t]*charset=(?!"?utf-?8"?[ \t]*(?:;|$))/i;

/** Writes that need no body: a bank breaks an issue off, and 利用停止 by the customer. */
const HAS_NO_BODY = /^\/v1\/(?:tokens\/[^/]*\/(?:void|suspend)|token\/suspend)$/;

/** What stands for bytes that are not UTF-8. No good request holds it: names with it are refused as well. */
const NOT_UTF_8 = '\ufffd';

/** Writes are JSON in UTF-8, not encoded otherwise, of a length that is one; nothing is cached. */
export const wellFormed = createMiddleware<ServiceEnv>(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  if (!/^[0-9]{0,15}$/.test(c.req.header('Content-Length') ?? '')) {
    throw new ProblemError('invalid_request', 'Content-Length is not a number');
  }
  if (c.req.method === 'POST') {
    const encoding = c.req.header('Content-Encoding') ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') throw new ProblemError('unsupported_media_type');
    if (!HAS_NO_BODY.test(c.req.path) && !isJson(c.req.header('Content-Type') ?? '')) {
      throw new ProblemError('unsupported_media_type');
    }
  }
  await next();
});

/** The body is text: apart, because it is read only once its length has been judged. */
export const utf8 = createMiddleware<ServiceEnv>(async (c, next) => {
  if (c.req.method === 'POST' && (await c.req.text()).includes(NOT_UTF_8)) {
    throw new ProblemError('invalid_request', 'The body is not UTF-8');
  }
  await next();
});

const isJson = (type: string) => JSON_TYPE.test(type) && !OTHER_CHARSET.test(type);
