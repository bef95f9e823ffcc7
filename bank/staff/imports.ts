import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { ImportRequest } from '../../core/api/imports.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import { type CheckedFile, checkFile, sendFile, type TokenFile } from '../../host/token-file/import.ts';
import { type ImportClient, patiently } from '../../host/token-file/import-client.ts';
import type { FileSecret } from '../../host/token-file/pskc-keys.ts';
import { ROW_REASONS, type RowReason } from '../../host/token-file/token.ts';
import type { BankDependencies } from '../context.ts';
import { findClerk } from '../store/staff.ts';
import { noteImport, noteImportStopped } from '../store/token-imports.ts';
import { detailOf, type ServiceAnswer } from '../token/client.ts';
import type { StaffClient } from '../token/staff-client.ts';
import type { Outcome } from '../web/submission.ts';
import type { SignedIn } from './context.ts';
import { recordOwnAct } from './own-acts.ts';
import { importPath } from './paths.ts';
import { ROLE_GONE } from './perform.ts';
import { mayImport } from './roles.ts';

/** Whether hardware tokens are used at an institution at all. */
export const takesHardware = ({ rules }: Institution): boolean => rules.hardwareLimit !== undefined;

/** Most bytes of a file. A larger one is for the command, which reads as it sends. */
export const FILE_MOST_MB = 8;
export const FILE_MOST_BYTES = FILE_MOST_MB * 2 ** 20;

/** Rows that are not taken, kept and shown of a file at most; the rest is counted. */
export const ROWS_MOST = 200;

const refusedRowsSchema = z.array(
  z.object({ line: z.int(), reason: z.enum(Object.keys(ROW_REASONS) as RowReason[]) }),
);

export type RefusedRow = z.infer<typeof refusedRowsSchema>[number];

export const refusedRowsOf = (json: string): readonly RefusedRow[] =>
  refusedRowsSchema.parse(JSON.parse(json));

/** A file that was uploaded and read whole. */
export interface CheckedUpload {
  readonly checked: CheckedFile;
  readonly rows: readonly RefusedRow[];
}

/** @throws TokenFileError where nothing of it may be taken */
export async function checkUpload(
  name: string,
  bytes: Uint8Array,
  secret: FileSecret,
  now: number,
): Promise<CheckedUpload> {
  const file: TokenFile = { name, secret, open: () => piecesOf(bytes) };
  const rows: RefusedRow[] = [];
  const checked = await checkFile(file, now, {
    onRefused: (line, reason) => {
      if (rows.length < ROWS_MOST) rows.push({ line, reason });
    },
  });
  return { checked, rows };
}

const PIECE = 64 * 1024;

/** Between two pieces other requests have their turn. */
async function* piecesOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await turn();
    yield bytes.subarray(at, at + PIECE);
  }
}

const OTHER_TOKENS =
  'このファイルは、異なる件数で取り込みが始められています。何も変更していません。ファイルを分けて取り込んでください。';

interface Started {
  readonly outcome: Outcome;
  /** Resolves when nothing more is sent. */
  readonly sending?: Promise<void>;
}

/**
 * Begins to import a file, and sends its tokens beside the requests. One that ends halfway goes on when the same file is
 * imported again.
 */
export async function startImport(
  dependencies: BankDependencies,
  by: SignedIn,
  { checked, rows }: CheckedUpload,
  reason: string,
): Promise<Started> {
  const { db, staff, logger } = dependencies;
  // The file took its time to arrive and to be read.
  const clerk = await findClerk(db, by.clerk.id);
  if (clerk === undefined || !mayImport(clerk)) return { outcome: { kind: 'blocked', notice: ROLE_GONE } };
  const { digest, tokens, refused, file } = checked;
  const { key: institution } = by.institution;
  const act = { actor: by.clerk.staff_id, reason };
  const service = staff.serviceFor(by.institution);
  const begun = await service.beginImport(digest, { ...act, fileName: file.name, tokens });
  if (begun.kind !== 'ok') {
    const isOther = begun.kind === 'problem' && begun.code === 'state_conflict';
    return { outcome: isOther ? { kind: 'blocked', notice: OTHER_TOKENS } : { kind: 'unavailable' } };
  }
  const isOver = begun.value.endedAt !== undefined;
  await db.transaction().execute(async (trx) => {
    await noteImport(trx, {
      institution,
      digest,
      file_name: file.name,
      // As the service has it: an import that is over begins anew where a serial was made void since.
      staff_id: begun.value.actor,
      begun_at: new Date(begun.value.startedAt),
      refused,
      refused_rows: JSON.stringify(rows),
    });
    if (!isOver) {
      await recordOwnAct(dependencies, trx, by, 'import', `${reason}（${file.name}、${tokens}件）`);
    }
  });
  const told = { institution, staff: by.clerk.staff_id, digest };
  logger.info({ ...told, event: 'staff import' }, 'staff imports tokens');
  const outcome: Outcome = { kind: 'done', to: importPath(digest) };
  return isOver ? { outcome } : { outcome, sending: sendBeside(dependencies, service, checked, act, told) };
}

async function sendBeside(
  { db, clock, logger, wait, stopping }: BankDependencies,
  service: StaffClient,
  checked: CheckedFile,
  act: Pick<ImportRequest, 'actor' | 'reason'>,
  told: { readonly institution: string; readonly digest: string },
): Promise<void> {
  try {
    const { added } = await sendFile(checked, act, patient(service, { wait, stopping }));
    logger.info({ ...told, added }, 'tokens imported');
  } catch (error) {
    logger.error({ ...told, error: describeError(error) }, 'import of tokens stopped');
    await noteImportStopped(db, told.institution, told.digest, new Date(clock())).catch(() => {});
  }
}

/** A service that is away for a while or busy is asked again. */
function patient(
  service: StaffClient,
  { wait, stopping }: Pick<BankDependencies, 'wait' | 'stopping'>,
): Pick<ImportClient, 'begin' | 'take'> {
  const asked = <Value>(ask: () => Promise<ServiceAnswer<Value>>): Promise<Value> =>
    patiently(async () => {
      if (stopping.aborted) return { refused: 'the bank stops', mayPass: false };
      const answer = await ask();
      if (answer.kind === 'ok') return { value: answer.value };
      const mayPass =
        answer.kind === 'unreachable' || answer.code === 'unavailable' || answer.code === 'rate_limited';
      const retryAfterS = (answer.kind === 'problem' && answer.retryAfterS) || undefined;
      return { refused: detailOf(answer), mayPass, retryAfterS };
    }, wait);
  return {
    begin: (digest, request) => asked(() => service.beginImport(digest, request)),
    take: (digest, from, rows) => asked(() => service.takeRows(digest, from, rows)),
  };
}
