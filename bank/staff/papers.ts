import { REASON_MOST } from '../../core/api/staff.ts';
import { familyOf } from '../../core/family/families.ts';
import type { FamilyWords } from '../../core/family/screen.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { isDayFrom2000, japaneseDate, startOfIsoDay } from '../format.ts';
import { sha256 } from '../keys.ts';
import { findPaper, insertPaper, type PaperRow } from '../store/papers.ts';
import type { PaperKind } from '../store/schema.ts';
import { takesPaper } from '../token/ways.ts';
import type { FieldError } from '../web/form.ts';
import type { Outcome } from '../web/submission.ts';
import { reasonError } from './act-input.ts';
import type { ActName } from './acts.ts';
import type { SignedIn } from './context.ts';
import { isNumber } from './numbers.ts';
import { paperPath } from './paths.ts';
import { ROLE_GONE } from './perform.ts';
import { type Standing, whyNot } from './standing.ts';
import { isLocked } from './token-status.ts';
import { record } from './written.ts';

/** Forms on paper: what customers hand in at the counter or send, and what it leads to. */

interface Paper {
  readonly name: string | ((words: FamilyWords) => string);
  readonly leadsTo: Leading;
}

interface Leading {
  /** The act it asks for. */
  readonly act: Extract<ActName, 'register' | 'unlock' | 'suspend' | 'release'>;
  /** What it usually asks for; the form begins with it. */
  readonly asks: string;
}

const PAPERS: Readonly<Record<PaperKind, Paper>> = {
  application: {
    name: 'ワンタイムパスワード申込書',
    leadsTo: { act: 'register', asks: 'ワンタイムパスワードの利用申込み' },
  },
  suspension: {
    name: 'ワンタイムパスワード利用停止届',
    leadsTo: { act: 'suspend', asks: 'トークンの利用停止' },
  },
  cancellation: {
    name: ({ cancellation }) => cancellation.name,
    leadsTo: { act: 'release', asks: 'ワンタイムパスワードの解約' },
  },
};

/** What a form leads to as things stand: whose token is locked asks with an application to use it again. */
export const leadsTo = (kind: PaperKind, standing: Standing): Leading =>
  kind === 'application' && mayBeLocked(standing)
    ? { act: 'unlock', asks: 'ワンタイムパスワードの利用再開' }
    : PAPERS[kind].leadsTo;

const mayBeLocked = ({ state, customer }: Standing): boolean =>
  isLocked(state) || (state.kind === 'unknown' && customer.applied_at !== null);

/** What an institution calls a form. */
export function paperName(kind: PaperKind, institution: Institution): string {
  const { name } = PAPERS[kind];
  return typeof name === 'string' ? name : name(familyOf(institution).words);
}

const PAPER_KINDS = Object.keys(PAPERS) as PaperKind[];

export const isPaperKind = (text: string): text is PaperKind => Object.hasOwn(PAPERS, text);

/** The forms an institution has. */
export const papersOf = (institution: Institution): readonly PaperKind[] =>
  PAPER_KINDS.filter((kind) => kind !== 'application' || takesPaper(institution));

/** Characters of who brought it at most; the sheet has one box for it. */
const NAME_MOST = 60;

/** What a clerk types when a paper is registered. */
export interface PaperInput {
  readonly broughtBy: string;
  readonly receivedOn: string;
  readonly asked: string;
}

export function readPaperInput(form: ReadonlyMap<string, string>): PaperInput {
  const text = (name: string) => (form.get(name) ?? '').trim();
  return {
    broughtBy: text('brought_by'),
    receivedOn: isoDay(text('received_on')),
    asked: text('asked'),
  };
}

/** Turns what people type (full width, slashes, points, or eight digits with nothing between) into `2026-11-27`. */
function isoDay(typed: string): string {
  const plain = typed.normalize('NFKC');
  const [, year, month = '', day = ''] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? [];
  return year === undefined ? plain : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** What is wrong, in the order of the fields. @param now Unix milliseconds: no paper is received tomorrow */
export function paperInputErrors({ broughtBy, receivedOn, asked }: PaperInput, now: number): FieldError[] {
  const wrong = [
    dayError(receivedOn, now),
    lineError({ field: 'brought_by', label: 'お持ちになった方', most: NAME_MOST }, broughtBy),
    lineError({ field: 'asked', label: 'ご依頼の内容', most: REASON_MOST }, asked),
  ];
  return wrong.filter((error) => error !== undefined);
}

function lineError(
  { field, label, most }: { readonly field: string; readonly label: string; readonly most: number },
  typed: string,
): FieldError | undefined {
  if (typed.length > most) return { field, message: `${label}は${most}文字以内で入力してください。` };
  const error = reasonError(label, typed);
  return error && { field, message: error.message };
}

function dayError(day: string, now: number): FieldError | undefined {
  const field = 'received_on';
  if (day === '') return { field, message: '受付日を入力してください。' };
  if (!isDayFrom2000(day))
    return { field, message: '受付日は、2026-11-27のように年月日で入力してください。' };
  return startOfIsoDay(day) > now
    ? { field, message: '受付日は、本日までの日付を入力してください。' }
    : undefined;
}

interface Registering {
  readonly by: SignedIn;
  readonly standing: Standing;
  readonly kind: PaperKind;
  readonly input: PaperInput;
  readonly submission: string;
}

/** Registers a paper, once for its form. Nothing is done to the token by it. */
export async function registerPaper(
  dependencies: BankDependencies,
  { by, standing, kind, input, submission }: Registering,
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { institution, clerk } = by;
  const { customer, state } = standing;
  const { act } = leadsTo(kind, standing);
  // It may lead to another act once the state is known, and what it asks for is recorded for good.
  if (act === 'unlock' && state.kind === 'unknown') {
    return { kind: 'blocked', notice: whyNot(act, standing) ?? '' };
  }
  const key = sha256(`staff paper ${submission}`);
  const no = await db.transaction().execute(async (trx) => {
    const paper = {
      key,
      institution: institution.key,
      customer_id: customer.id,
      kind,
      brought_by: input.broughtBy,
      received_on: input.receivedOn,
      asked: input.asked,
      registered_at: new Date(clock()),
    };
    const id = await insertPaper(trx, paper, clerk.id);
    if (id === undefined) return undefined;
    const written = {
      institution,
      staffId: clerk.staff_id,
      customer,
      userId: customer.user_id,
      act,
      reason: reasonOf({ id, kind, received_on: input.receivedOn }, institution),
      key,
    };
    await record(dependencies, trx, written, 'filed');
    return id;
  });
  return no === undefined ? { kind: 'blocked', notice: ROLE_GONE } : { kind: 'done', to: paperPath(no) };
}

/** A paper as the reason of what it asks for. */
export const reasonOf = (
  { id, kind, received_on }: Pick<PaperRow, 'id' | 'kind' | 'received_on'>,
  institution: Institution,
): string =>
  `${paperName(kind, institution)} 第${id}号（${japaneseDate(startOfIsoDay(received_on))}受付）による`;

/** The paper that a page of an act names, where it is this customer's and asks for that act. */
export async function paperBehind(
  { db }: Pick<BankDependencies, 'db'>,
  standing: Standing,
  act: ActName,
  no: string,
): Promise<PaperRow | undefined> {
  const { institution, customer } = standing;
  const paper = isNumber(no) ? await findPaper(db, institution.key, no) : undefined;
  const fits = paper?.customer_id === customer.id && leadsTo(paper.kind, standing).act === act;
  return fits ? paper : undefined;
}
