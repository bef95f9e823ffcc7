import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import {
  type ExistingSerial,
  type ExistingSerials,
  existingSerialsSchema,
  type Import,
  type ImportRequest,
  type ImportRow,
  importSchema,
} from '../../core/api/imports.ts';
import { problemSchema } from '../../core/api/problem.ts';

/** The token service as whoever imports tokens sees it. */
export interface ImportClient {
  begin(digest: string, request: ImportRequest): Promise<Import>;
  /** @returns the import as it stands, whether or not the rows were next */
  take(digest: string, from: number, rows: readonly ImportRow[]): Promise<Import>;
  /** @param after the last one of the page before */
  existing(digest: string, after?: ExistingSerial): Promise<ExistingSerials>;
}

/** The service did not do what it was asked; what was taken before stays, and the same file goes on from there. */
export class ServiceRefusedError extends Error {
  override name = 'ServiceRefusedError';
}

const NOT_UNDERSTOOD = 'the token service answered in a way that cannot be understood';

const TIMEOUT_MS = 10_000;
const TRIES = 6;
const MOST_WAIT_S = 10;

/** What came of asking once: the value, or why there is none, and whether that may pass. */
export type Asked<Value> =
  | { readonly value: Value }
  | { readonly refused: string; readonly mayPass: boolean; readonly retryAfterS?: number | undefined };

/**
 * Asks again, after a wait, where the service cannot answer. For what changes nothing when it is repeated, as all of an import, or was
 * refused before it was done.
 * @throws ServiceRefusedError
 */
export async function patiently<Value>(
  ask: () => Promise<Asked<Value>>,
  pause: (ms: number) => Promise<unknown>,
  tries = TRIES,
): Promise<Value> {
  const asked = await ask();
  if ('value' in asked) return asked.value;
  const { refused, mayPass, retryAfterS = 1 } = asked;
  if (!mayPass || tries === 1) throw new ServiceRefusedError(refused);
  await pause(1_000 * Math.min(MOST_WAIT_S, retryAfterS));
  return patiently(ask, pause, tries - 1);
}

export interface ImportClientOptions {
  readonly url: string;
  readonly staffKey: string;
}

export function createImportClient({ url, staffKey }: ImportClientOptions): ImportClient {
  const call = <Schema extends z.ZodType>(path: string, schema: Schema, body?: object) =>
    patiently(async (): Promise<Asked<z.infer<Schema>>> => {
      const answer = await asked(`${url}/v1/staff/imports/${path}`, staffKey, body);
      const { status, retryAfterS } = answer;
      if (status === 200) {
        const parsed = schema.safeParse(answer.body);
        return parsed.success ? { value: parsed.data } : { refused: NOT_UNDERSTOOD, mayPass: false };
      }
      const mayPass = status === undefined || [429, 502, 503].includes(status);
      return { refused: reasonOf(answer), mayPass, retryAfterS };
    }, wait);
  return {
    begin: (digest, request) => call(digest, importSchema, request),
    take: (digest, from, rows) => call(`${digest}/rows/${from}`, importSchema, { rows }),
    existing: (digest, after) =>
      call(
        `${digest}/existing${after ? `?after=${after.line}&afterSerial=${after.serial}` : ''}`,
        existingSerialsSchema,
      ),
  };
}

interface Answer {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  readonly body?: unknown;
  readonly retryAfterS?: number;
}

async function asked(url: string, staffKey: string, body: object | undefined): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'PUT',
      headers: {
        Authorization: `Bearer ${staffKey}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const retryAfterS = Number(response.headers.get('Retry-After') ?? Number.NaN);
    return {
      status: response.status,
      body: await response.json(),
      ...(Number.isFinite(retryAfterS) && { retryAfterS }),
    };
  } catch {
    return { status: undefined };
  }
}

function reasonOf({ status, body }: Answer): string {
  if (status === undefined) return 'the token service does not answer';
  const problem = problemSchema.safeParse(body).data;
  return `the token service refused: ${problem ? (problem.detail ?? problem.title) : `status ${status}`}`;
}
