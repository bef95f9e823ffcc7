import { z } from 'zod';
import { policyOf } from '../../core/institution/policy.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import { findClerk } from '../store/staff.ts';
import { dropDraft, findDraft, keepDraft, latestDraftPath } from '../store/staff-drafts.ts';
import { formToken } from '../web/render.ts';
import { type SignedIn, type StaffContext, signedIn } from './context.ts';

/*
 * A form that is sent when its session has ended is not lost: what was typed is kept, sealed, for the clerk the page was
 * given to, and stands in the same form once that clerk has signed in again. Nothing is done with it until they send it.
 */

/** Fields that somebody types or chooses; everything else belongs to the session that ended. */
const TYPED = [
  'reason',
  'email',
  'limit',
  'device',
  'clerk',
  'decision',
  'brought_by',
  'received_on',
  'asked',
] as const;

/** Characters of a field that are kept at most. Every form refuses more. */
const FIELD_MOST = 1_000;

const MINUTE_MS = 60_000;

/** By the field's name; a node of another release may have kept fields that are not known here. */
const typedSchema = z.record(z.string(), z.string());

/** The pages that have a form with something to type, and where such a form is sent. */
const FORM =
  /^(\/customers\/[0-9A-Za-z-]{1,64}\/(?:acts|papers)\/[a-z]{1,20}|\/proposals\/\d{1,18}|\/reviews\/\d{1,18}|\/staff)(?:\/(?:confirm|edit|decide|withdraw|reset))?$/;

const formPath = (path: string): string | undefined => FORM.exec(path)?.[1];

/** What every form of the console carries: the token of the session, and which clerk the page was given to. */
export function staffFormToken(c: StaffContext, dependencies: Pick<BankDependencies, 'keys'>): string {
  const { id, signedIn } = c.get('visitor');
  const token = formToken(dependencies, id);
  if (signedIn === undefined) return token;
  const { id: clerkId } = signedIn.clerk;
  return [token, Buffer.from(clerkId).toString('base64url'), clerkMark(dependencies, clerkId)].join('.');
}

const clerkMark = ({ keys }: Pick<BankDependencies, 'keys'>, clerkId: string) =>
  hmac(keys.forms, JSON.stringify(['form of clerk', clerkId]));

/** The clerk a form was given to, also when the session has ended. */
function clerkOfForm(
  dependencies: Pick<BankDependencies, 'keys'>,
  form: ReadonlyMap<string, string>,
): string | undefined {
  const [, encoded = '', mark = ''] = (form.get('form_token') ?? '').split('.');
  const clerkId = Buffer.from(encoded, 'base64url').toString();
  return equalInConstantTime(mark, clerkMark(dependencies, clerkId)) ? clerkId : undefined;
}

/**
 * Keeps what was typed in a form whose session has ended.
 * @returns where the form is, and whether the clerk who is signed in now is the one it was given to; undefined where
 * nothing was kept
 */
export async function keepTyped(
  c: StaffContext,
  dependencies: BankDependencies,
  form: ReadonlyMap<string, string>,
): Promise<{ readonly path: string; readonly isTheirs: boolean } | undefined> {
  const { db, clock, keys, randomBytes } = dependencies;
  const path = formPath(c.req.path);
  const clerkId = path && clerkOfForm(dependencies, form);
  const typed = typedSchema.parse(
    Object.fromEntries(
      TYPED.flatMap((name) => {
        const text = form.get(name)?.slice(0, FIELD_MOST);
        return text ? [[name, text]] : [];
      }),
    ),
  );
  if (!path || !clerkId || Object.keys(typed).length === 0) return undefined;
  if ((await findClerk(db, clerkId)) === undefined) return undefined;
  const sealed = await sealJson(keys.sealing, typed, context(clerkId, path), randomBytes);
  await keepDraft(db, { clerkId, path, typed: sealed, at: new Date(clock()) });
  return { path, isTheirs: c.get('visitor').signedIn?.clerk.id === clerkId };
}

/** What the clerk typed in the form of this page before they had to sign in again. */
export async function typedBefore(
  c: StaffContext,
  dependencies: BankDependencies,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { db, keys } = dependencies;
  const by = signedIn(c);
  const { id } = by.clerk;
  const { path } = c.req;
  const sealed = await findDraft(db, id, path, since(dependencies, by));
  if (sealed === undefined) return undefined;
  return new Map(Object.entries(await openJson(keys.sealing, sealed, context(id, path), typedSchema)));
}

/** Where a clerk who has signed in goes on. */
export const whereLeftOff = (
  dependencies: Pick<BankDependencies, 'db' | 'clock'>,
  by: SignedIn,
): Promise<string | undefined> => latestDraftPath(dependencies.db, by.clerk.id, since(dependencies, by));

/** Forgets what was typed: the form has been taken. */
export async function dropTyped(c: StaffContext, { db }: Pick<BankDependencies, 'db'>): Promise<void> {
  const path = formPath(c.req.path);
  if (path !== undefined) await dropDraft(db, signedIn(c).clerk.id, path);
}

const since = ({ clock }: Pick<BankDependencies, 'clock'>, { institution }: SignedIn) =>
  new Date(clock() - policyOf(institution).staffDraftMinutes * MINUTE_MS);

const context = (clerkId: string, path: string) => `staff draft ${clerkId} ${path}`;

export const TYPED_BEFORE =
  'サインインし直す前に入力した内容です。まだ送信されていません。確認して、もう一度操作してください。';
