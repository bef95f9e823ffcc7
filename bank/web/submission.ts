import { z } from 'zod';
import type { TransactionType } from '../../core/transaction/types.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import type { BankDependencies } from '../context.ts';
import { hmac, sha256 } from '../keys.ts';
import type { OtpProcedureKind } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import { abandonSubmission, claimSubmission, findOutcome, finishSubmission } from '../store/submissions.ts';

/** Which form was sent. */
export type FormName =
  | 'verify'
  | 'issue'
  | 'activate'
  | 'release'
  | 'replace'
  | 'replace-ask'
  | 'replace-start'
  | 'renew'
  | 'suspend'
  | 'limit'
  | 'email'
  | 'transfer-input'
  | OtpProcedureKind
  | `${TransactionType} ${string}`
  | `staff ${string}`;

/**
 * The outcome of a submission. It is kept, sealed, so that the same form sent again gets the same answer.
 * done: go to a page, perhaps in a new session · refused: show the form again with its errors · blocked: it cannot be
 * done at present · unavailable: the token service did not answer or was busy; nothing was changed, or nobody knows whether
 * anything was
 */
const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), to: z.string(), session: z.string().optional() }),
  z.object({
    kind: z.literal('refused'),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  }),
  z.object({ kind: z.literal('blocked'), notice: z.string() }),
  z.object({
    kind: z.literal('unavailable'),
    busy: z.boolean().optional(),
    unknown: z.boolean().optional(),
  }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

const POLL_MS = 100;
const MAX_POLLS = 130;

/** Makes the one-time value of a form; it is valid for one session and one form. */
export function newSubmission(
  { keys, randomBytes }: Pick<BankDependencies, 'keys' | 'randomBytes'>,
  sessionId: string,
  form: FormName,
): string {
  const nonce = Buffer.from(randomBytes(16)).toString('base64url');
  return submissionOf({ keys }, sessionId, form, nonce);
}

/** The value of a form that several windows show with the same `nonce`: all of them send one submission. */
export function submissionOf(
  { keys }: Pick<BankDependencies, 'keys'>,
  sessionId: string,
  form: FormName,
  nonce: string,
): string {
  return `${nonce}.${mark({ keys }, sessionId, form, nonce)}`;
}

/** Whether a form was given to this session. */
export function isOurSubmission(
  dependencies: Pick<BankDependencies, 'keys'>,
  sessionId: string,
  form: FormName,
  submission: string,
): boolean {
  const [nonce = '', given = ''] = submission.split('.');
  return equalInConstantTime(given, mark(dependencies, sessionId, form, nonce));
}

/**
 * The idempotency key of a write. The same form with the same value repeats the write; with another value (the next
 * minute's code, after an answer was lost) it is another write.
 */
export function idempotencyKey(
  { keys }: Pick<BankDependencies, 'keys'>,
  submission: string,
  write: string,
  value = '',
): string {
  return hmac(keys.forms, JSON.stringify(['write', submission, write, value]));
}

/**
 * Does the work of a submission once. Whoever sends the same form meanwhile or later gets the same outcome. After
 * `unavailable` the same form may be sent again.
 * @param work receives true if the work was started before, and its answer may have been lost
 */
export async function doOnce(
  dependencies: BankDependencies,
  submission: string,
  work: (again: boolean) => Promise<Outcome>,
): Promise<Outcome> {
  const { db, clock, keys, randomBytes, wait } = dependencies;
  const id = sha256(submission);
  const tries = await claimSubmission(db, id, clock());
  if (tries === undefined) return awaitOutcome({ db, keys, wait }, id);
  let outcome: Outcome = { kind: 'unavailable' };
  try {
    outcome = await work(tries > 1);
  } finally {
    if (outcome.kind === 'unavailable') await abandonSubmission(db, id);
  }
  if (outcome.kind !== 'unavailable') {
    await finishSubmission(db, id, await sealJson(keys.sealing, outcome, id, randomBytes));
  }
  return outcome;
}

async function awaitOutcome(
  { db, keys, wait }: Pick<BankDependencies, 'db' | 'keys' | 'wait'>,
  id: string,
): Promise<Outcome> {
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const sealed = await findOutcome(db, id);
    if (sealed === undefined) break;
    if (sealed !== null) return openJson(keys.sealing, sealed, id, outcomeSchema);
    await wait(POLL_MS);
  }
  // Nobody knows whether the work was done, or will be.
  return { kind: 'unavailable', unknown: true };
}

function mark(
  { keys }: Pick<BankDependencies, 'keys'>,
  sessionId: string,
  form: FormName,
  nonce: string,
): string {
  return hmac(keys.forms, JSON.stringify(['submission', sessionId, form, nonce]));
}
