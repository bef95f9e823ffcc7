import {
  type AuditPage,
  auditPageSchema,
  type CountedBy,
  type Counts,
  countsSchema,
} from '../../core/api/audit.ts';
import {
  type ExistingSerials,
  existingSerialsSchema,
  type Import,
  type ImportRequest,
  type ImportRow,
  importSchema,
} from '../../core/api/imports.ts';
import { type RefusedFills, refusedFillsSchema } from '../../core/api/refused-fills.ts';
import {
  type StaffAct,
  type StaffToken,
  staffTokenSchema,
  voidedSerialSchema,
} from '../../core/api/staff.ts';
import { caller, type ServiceAnswer, type ServiceClientOptions } from './client.ts';

/** What staff do to a token from the console. */
export type TokenAct = 'unlock' | 'suspend' | 'resume' | 'release';

/** The token service as an institution's staff see it; their API key is of its own kind. */
export interface StaffClient {
  show(userId: string): Promise<ServiceAnswer<StaffToken>>;
  /** @param serial シリアルNo, 9 digits */
  showBySerial(serial: string): Promise<ServiceAnswer<StaffToken>>;
  /** @param key idempotency key: a repeat uses the same */
  act(act: TokenAct | 'void', userId: string, by: StaffAct, key: string): Promise<ServiceAnswer<StaffToken>>;
  /** Takes a hardware token that nobody has out of the service. */
  voidSerial(serial: string, by: StaffAct, key: string): Promise<ServiceAnswer<{ readonly serial: string }>>;
  /** Removes a device that fills. */
  removeDevice(userId: string, device: string, by: StaffAct, key: string): Promise<ServiceAnswer<StaffToken>>;
  /** Audit entries of the institution's tokens, newest first. */
  audit(asked: AskedAudit): Promise<ServiceAnswer<AuditPage>>;
  /** How often each event occurred. @param from Unix milliseconds, as `to` */
  counts(from: number, to: number, by: CountedBy): Promise<ServiceAnswer<Counts>>;
  /** How often tokens did not fill a recognised screen, by reason. @param from Unix milliseconds, as `to` */
  refusedFills(from: number, to: number, by: CountedBy): Promise<ServiceAnswer<RefusedFills>>;
  /** Begins to import a file of hardware tokens, or goes on with it. @param digest of the file */
  beginImport(digest: string, request: ImportRequest): Promise<ServiceAnswer<Import>>;
  /** How far it is. */
  showImport(digest: string): Promise<ServiceAnswer<Import>>;
  takeRows(digest: string, from: number, rows: readonly ImportRow[]): Promise<ServiceAnswer<Import>>;
  /** Tokens of the file that were there before, by line. */
  existingSerials(digest: string, after: number): Promise<ServiceAnswer<ExistingSerials>>;
}

/** Parameters of `GET /v1/staff/audit`. */
export interface AskedAudit {
  /** Only these tokens, at most `AUDITED_TOKENS_MOST`; without it, all. */
  readonly userIds?: readonly string[] | undefined;
  readonly event?: string | undefined;
  readonly outcome?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export function createStaffClient(options: ServiceClientOptions): StaffClient {
  const call = caller(options);
  return {
    show: (userId) => call({ method: 'GET', path: `/v1/staff/tokens/${userId}`, schema: staffTokenSchema }),
    showBySerial: (serial) =>
      call({ method: 'GET', path: `/v1/staff/serials/${serial}`, schema: staffTokenSchema }),
    act: (act, userId, by, key) =>
      call({
        method: 'POST',
        path: `/v1/staff/tokens/${userId}/${act}`,
        schema: staffTokenSchema,
        body: by,
        key,
      }),
    voidSerial: (serial, by, key) =>
      call({
        method: 'POST',
        path: `/v1/staff/serials/${serial}/void`,
        schema: voidedSerialSchema,
        body: by,
        key,
      }),
    removeDevice: (userId, device, by, key) =>
      call({
        method: 'POST',
        path: `/v1/staff/tokens/${userId}/devices/${device}/remove`,
        schema: staffTokenSchema,
        body: by,
        key,
      }),
    audit: ({ userIds, ...asked }) =>
      call({
        method: 'GET',
        path: `/v1/staff/audit?${query({ ...asked, userId: userIds?.join(',') })}`,
        schema: auditPageSchema,
      }),
    counts: (from, to, by) =>
      call({
        method: 'GET',
        path: `/v1/staff/counts?${rangeQuery(from, to, by)}`,
        schema: countsSchema,
      }),
    refusedFills: (from, to, by) =>
      call({
        method: 'GET',
        path: `/v1/staff/refused-fills?${rangeQuery(from, to, by)}`,
        schema: refusedFillsSchema,
      }),
    beginImport: (digest, body) =>
      call({ method: 'PUT', path: `/v1/staff/imports/${digest}`, schema: importSchema, body }),
    showImport: (digest) =>
      call({ method: 'GET', path: `/v1/staff/imports/${digest}`, schema: importSchema }),
    takeRows: (digest, from, rows) =>
      call({
        method: 'PUT',
        path: `/v1/staff/imports/${digest}/rows/${from}`,
        schema: importSchema,
        body: { rows },
      }),
    existingSerials: (digest, after) =>
      call({
        method: 'GET',
        path: `/v1/staff/imports/${digest}/existing?after=${after}`,
        schema: existingSerialsSchema,
      }),
  };
}

const rangeQuery = (from: number, to: number, by: CountedBy) =>
  query({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), by });

/** The values that are not undefined, as a query string. */
function query(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}
