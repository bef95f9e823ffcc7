import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { importDigestSchema } from '../../../core/api/imports.ts';
import { INVISIBLE } from '../../../core/transaction/text.ts';
import { equalInConstantTime } from '../../../host/compare.ts';
import { agreedKey, type FileSecret } from '../../../host/token-file/pskc-keys.ts';
import { type FileReason, TokenFileError } from '../../../host/token-file/token.ts';
import type { BankDependencies } from '../../context.ts';
import { findImport, latestImports, type TokenImport } from '../../store/token-imports.ts';
import type { FieldError } from '../../web/form.ts';
import { MAX_BODY_BYTES, sameOrigin } from '../../web/guard.ts';
import { formToken, type PageStatus } from '../../web/render.ts';
import { doOnce, type FormName, isOurSubmission, newSubmission, type Outcome } from '../../web/submission.ts';
import { reasonError } from '../act-input.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken } from '../drafts.ts';
import { FILE_WORDS } from '../import-words.ts';
import {
  type CheckedUpload,
  checkUpload,
  FILE_MOST_BYTES,
  FILE_MOST_MB,
  ROWS_MOST,
  startImport,
  takesHardware,
} from '../imports.ts';
import { importContent, importStateContent } from '../pages/import.ts';
import { IMPORTS_PATH } from '../paths.ts';
import { show, showError } from '../render.ts';
import { mayImport, SUPERVISORS_ONLY } from '../roles.ts';

const HEADING = 'トークンの取り込み';
const FORM: FormName = 'staff import';
const LATEST = 10;
/** A page that follows is answered so much later, and asks anew. */
const FOLLOW_MS = 700;

const UNANSWERED =
  'トークンサービスから応答がなかったか、混み合っているため、取り込みを始められませんでした。何も登録していません。ファイルを選び直して、もう一度取り込んでください。';
const FULL = 'ほかのファイルを取り込んでいます。終わってから、もう一度取り込んでください。';
const TOO_LARGE: FieldError = {
  field: 'file',
  message: `ファイルが${FILE_MOST_MB}MBを超えています。コマンドで取り込んでください。`,
};

/** Files that a node holds in memory at a time, from their upload until their last token is sent. */
const FILES_AT_ONCE = 2;

/**
 * Takes the form with the file: the only one that is no short form, so it is registered ahead of what all the others are
 * read by. Its body is read after it is known that a supervisor of the institution sends it.
 */
export function importForm(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  let held = 0;
  const bounded = bodyLimit({
    maxSize: FILE_MOST_BYTES + MAX_BODY_BYTES,
    onError: (c) => showForm(c, dependencies, { errors: [TOO_LARGE] }, 413),
  });
  app.post(IMPORTS_PATH, sameOrigin, supervisorsOnly(dependencies), bounded, async (c) => {
    if (held >= FILES_AT_ONCE) return showForm(c, dependencies, { notice: FULL }, 503);
    held += 1;
    let sending = Promise.resolve();
    try {
      return await takeForm(c, dependencies, (begun) => {
        sending = begun;
      });
    } finally {
      void sending.finally(() => {
        held -= 1;
      });
    }
  });
}

/** The form to be filled in, and how far imports are. */
export function importRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.use(IMPORTS_PATH, supervisorsOnly(dependencies));
  app.use(`${IMPORTS_PATH}/*`, supervisorsOnly(dependencies));
  app.get(IMPORTS_PATH, (c) => showForm(c, dependencies, {}, 200));
  app.get(`${IMPORTS_PATH}/:digest`, (c) => showState(c, dependencies));
  app.get(`${IMPORTS_PATH}/:digest/status`, async (c) => {
    await dependencies.wait(FOLLOW_MS);
    return showState(c, dependencies);
  });
}

const supervisorsOnly =
  (dependencies: BankDependencies): MiddlewareHandler<StaffEnv> =>
  async (c, next) => {
    const { signedIn: by, timedOut } = c.get('visitor');
    if (by === undefined) return c.redirect(timedOut ? '/timeout' : '/sign-in', 303);
    if (!takesHardware(by.institution)) return showError(c, dependencies, 404);
    if (!mayImport(by.clerk)) return showError(c, dependencies, 403, SUPERVISORS_ONLY);
    await next();
  };

/** @param onSending called with what is sent beside the requests from now on */
async function takeForm(
  c: StaffContext,
  dependencies: BankDependencies,
  onSending: (sending: Promise<void>) => void,
): Promise<Response> {
  const { id } = c.get('visitor');
  const form = await readMultipart(c);
  const [token = ''] = form.text('form_token').split('.');
  const submission = form.text('submission');
  const isOurs =
    equalInConstantTime(token, formToken(dependencies, id)) &&
    isOurSubmission(dependencies, id, FORM, submission);
  const reason = form.text('reason').trim();
  if (!isOurs) return showError(c, dependencies, 403, undefined, reason);

  const again = (shown: Shown, status: PageStatus) => showForm(c, dependencies, { reason, ...shown }, status);
  const file = form.file('file');
  const secret = secretOf(form.text('password'), form.text('key'));
  const errors = [
    fileError(file),
    'message' in secret ? secret : undefined,
    reasonError('理由', reason),
  ].filter((error) => error !== undefined);
  if (file === undefined || 'message' in secret || errors.length > 0) return again({ errors }, 422);

  const upload = await checkedUpload(file, secret, dependencies.clock());
  if ('message' in upload) return again({ errors: [upload] }, 422);
  const { digest, tokens, refused } = upload.checked;
  if (tokens === 0)
    return again({ errors: [NO_TOKENS], refused: { count: refused, rows: upload.rows } }, 422);

  // The form may be sent again with another file.
  const outcome: Outcome = await doOnce(dependencies, `${submission}.${digest}`, async () => {
    const started = await startImport(dependencies, signedIn(c), upload, reason);
    if (started.sending !== undefined) onSending(started.sending);
    return started.outcome;
  });
  if (outcome.kind === 'done') return c.redirect(outcome.to, 303);
  return outcome.kind === 'blocked'
    ? again({ notice: outcome.notice }, 409)
    : again({ notice: UNANSWERED }, 503);
}

const NO_TOKENS: FieldError = {
  field: 'file',
  message: '取り込めるトークンがありません。何も登録していません。',
};

/** The fields of a form with a file; one that occurs twice is refused. */
async function readMultipart(c: StaffContext) {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'multipart/form-data') throw new HTTPException(415);
  const form = await c.req.formData().catch(() => {
    throw new HTTPException(400);
  });
  const one = (name: string) => {
    const [value, ...more] = form.getAll(name);
    if (more.length > 0) throw new HTTPException(400);
    return value;
  };
  return {
    text: (name: string): string => {
      const value = one(name) ?? '';
      if (typeof value !== 'string') throw new HTTPException(400);
      return value;
    },
    /** Undefined where none was chosen. */
    file: (name: string): File | undefined => {
      const value = one(name);
      return value instanceof File && (value.name !== '' || value.size > 0) ? value : undefined;
    },
  };
}

function fileError(file: File | undefined): FieldError | undefined {
  if (file === undefined) return { field: 'file', message: 'ファイルを選択してください。' };
  return file.size > FILE_MOST_BYTES ? TOO_LARGE : undefined;
}

/** What opens the file, or what is wrong with it. */
function secretOf(password: string, typedKey: string): FileSecret | FieldError {
  const hex = typedKey.normalize('NFKC').replace(/\s/g, '');
  if (hex === '') return password === '' ? {} : { password };
  if (password !== '')
    return { field: 'key', message: 'パスワードと鍵は、どちらか一方だけを入力してください。' };
  const key = agreedKey(hex);
  return key !== undefined
    ? { key }
    : { field: 'key', message: '鍵は16進数の32桁、48桁または64桁で入力してください。' };
}

async function checkedUpload(
  file: File,
  secret: FileSecret,
  now: number,
): Promise<CheckedUpload | FieldError> {
  try {
    return await checkUpload(nameOf(file), new Uint8Array(await file.arrayBuffer()), secret, now);
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    const { reason, line } = error;
    const where = line === undefined ? '' : `${line}行目：`;
    const isWide = reason === 'wrong-key' && /[^\x20-\x7e]/.test(secret.password ?? '');
    const wide = isWide ? 'パスワードに全角文字が含まれています。半角で入力し直してください。' : '';
    return {
      field: fieldOf(reason, secret),
      message: `${where}${FILE_WORDS[reason]}。${wide}何も登録していません。`,
    };
  }
}

/** What has to be entered anew. */
function fieldOf(reason: FileReason, { key }: FileSecret): string {
  if (reason === 'password-needed') return 'password';
  if (reason === 'key-needed') return 'key';
  if (reason === 'wrong-key') return key === undefined ? 'password' : 'key';
  return 'file';
}

const NAME_MOST = 100;

/** Its name, as the audit takes one. */
function nameOf({ name }: File): string {
  const seen = [...name].filter((character) => !INVISIBLE.test(character));
  return seen.slice(0, NAME_MOST).join('').trim() || 'tokens';
}

interface Shown {
  readonly reason?: string;
  readonly errors?: readonly FieldError[];
  readonly notice?: string;
  readonly refused?: Parameters<typeof importContent>[0]['refused'];
}

async function showForm(
  c: StaffContext,
  dependencies: BankDependencies,
  { reason = '', errors = [], notice, refused }: Shown,
  status: PageStatus,
): Promise<Response> {
  const content = importContent({
    reason,
    errors,
    notice,
    refused,
    latest: await latestImports(dependencies.db, signedIn(c).institution.key, LATEST),
    formToken: staffFormToken(c, dependencies),
    submission: newSubmission(dependencies, c.get('visitor').id, FORM),
  });
  return show(c, dependencies, { heading: HEADING, content }, status);
}

async function showState(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const row = await importAt(c, dependencies);
  if (row === undefined) return showError(c, dependencies, 404);
  const service = dependencies.staff.serviceFor(signedIn(c).institution);
  const answer = await service.showImport(row.digest);
  const standing = answer.kind === 'ok' ? answer.value : undefined;
  const hasExisting = standing?.endedAt !== undefined && standing.taken > standing.added;
  const page = hasExisting ? await service.existingSerials(row.digest, 0) : undefined;
  const existing = page?.kind === 'ok' ? page.value.existing.slice(0, ROWS_MOST) : [];
  const content = importStateContent({ row, standing, existing });
  return show(c, dependencies, { heading: HEADING, content, scripts: ['follow.js'] }, standing ? 200 : 503);
}

async function importAt(c: StaffContext, { db }: BankDependencies): Promise<TokenImport | undefined> {
  const digest = importDigestSchema.safeParse(c.req.param('digest'));
  return digest.success ? findImport(db, signedIn(c).institution.key, digest.data) : undefined;
}
