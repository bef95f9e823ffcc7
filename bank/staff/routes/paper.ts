import type { Hono } from 'hono';
import type { BankDependencies } from '../../context.ts';
import { japaneseIsoDay } from '../../format.ts';
import { findCustomer } from '../../store/customers.ts';
import { findPaper, type PaperOf } from '../../store/papers.ts';
import type { PaperKind } from '../../store/schema.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { doOnce, type FormName, isOurSubmission, newSubmission } from '../../web/submission.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken, TYPED_BEFORE, typedBefore } from '../drafts.ts';
import { isNumber } from '../numbers.ts';
import { paperContent, paperInputContent } from '../pages/papers.ts';
import { sheetPage } from '../pages/sheet.ts';
import {
  isPaperKind,
  leadsTo,
  type PaperInput,
  paperInputErrors,
  paperName,
  papersOf,
  readPaperInput,
  registerPaper,
} from '../papers.ts';
import { show, showError } from '../render.ts';
import { mayAct, READS_ONLY } from '../roles.ts';
import { type Standing, standingOf } from '../standing.ts';
import { answer } from './answer.ts';
import { customerAt } from './customer.ts';

const PATH = '/customers/:id/papers/:kind';

/** Forms on paper: to hand out, to register, to look at and to print. */
export function paperRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get(PATH, (c) =>
    withPaper(c, dependencies, async (standing, kind) => {
      const kept = await typedBefore(c, dependencies);
      const today = japaneseIsoDay(dependencies.clock());
      const usual = { broughtBy: '', receivedOn: today, asked: leadsTo(kind, standing).asks };
      const input = kept ? readPaperInput(kept) : usual;
      return showInput(c, dependencies, { standing, kind }, { input, notice: kept && TYPED_BEFORE }, 200);
    }),
  );
  app.post(PATH, (c) =>
    withPaper(c, dependencies, (standing, kind) => register(c, dependencies, { standing, kind })),
  );
  app.get('/papers/:no', async (c) => {
    const paper = await paperAt(c, dependencies);
    return paper === undefined ? showError(c, dependencies, 404) : showPaper(c, dependencies, paper);
  });
  app.get('/papers/:no/print', async (c) => {
    const paper = await paperAt(c, dependencies);
    if (paper === undefined) return showError(c, dependencies, 404);
    const { institution } = signedIn(c);
    const { href } = dependencies.assets;
    return c.html(sheetPage({ institution, kind: paper.kind, filled: paper, href }));
  });
  app.get('/forms/:kind', (c) => {
    const { institution } = signedIn(c);
    const kind = c.req.param('kind');
    if (!isPaperKind(kind) || !papersOf(institution).includes(kind)) return showError(c, dependencies, 404);
    return c.html(sheetPage({ institution, kind, href: dependencies.assets.href }));
  });
}

async function withPaper(
  c: StaffContext,
  dependencies: BankDependencies,
  next: (standing: Standing, kind: PaperKind) => Promise<Response>,
): Promise<Response> {
  const customer = await customerAt(c, dependencies);
  const { clerk, institution } = signedIn(c);
  const kind = c.req.param('kind') ?? '';
  if (customer === undefined || !isPaperKind(kind) || !papersOf(institution).includes(kind)) {
    return showError(c, dependencies, 404);
  }
  if (!mayAct(clerk)) return showError(c, dependencies, 403, READS_ONLY);
  return next(await standingOf(dependencies, institution, customer), kind);
}

interface Asked {
  readonly standing: Standing;
  readonly kind: PaperKind;
}

const formName = ({ standing, kind }: Asked): FormName => `staff paper ${kind} ${standing.customer.id}`;

async function register(c: StaffContext, dependencies: BankDependencies, asked: Asked): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, formName(asked), submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readPaperInput(c.get('form'));
  const errors = paperInputErrors(input, dependencies.clock());
  if (errors.length > 0) return showInput(c, dependencies, asked, { input, errors }, 422);
  const by = signedIn(c);
  const outcome = await doOnce(dependencies, submission, () =>
    registerPaper(dependencies, { by, ...asked, input, submission }),
  );
  return answer(c, dependencies, outcome, {
    showBlocked: (notice) => showInput(c, dependencies, asked, { input, notice }, 409),
  });
}

interface Entered {
  readonly input: PaperInput;
  readonly errors?: readonly FieldError[];
  readonly notice?: string | undefined;
}

function showInput(
  c: StaffContext,
  dependencies: BankDependencies,
  asked: Asked,
  { input, errors = [], notice }: Entered,
  status: PageStatus,
) {
  const content = paperInputContent({
    ...asked,
    input,
    errors,
    notice,
    formToken: staffFormToken(c, dependencies),
    submission: newSubmission(dependencies, c.get('visitor').id, formName(asked)),
  });
  return show(
    c,
    dependencies,
    { heading: `${paperName(asked.kind, signedIn(c).institution)}の登録`, content },
    status,
  );
}

async function paperAt(c: StaffContext, { db }: BankDependencies): Promise<PaperOf | undefined> {
  const no = c.req.param('no') ?? '';
  return isNumber(no) ? findPaper(db, signedIn(c).institution.key, no) : undefined;
}

async function showPaper(c: StaffContext, dependencies: BankDependencies, paper: PaperOf) {
  const by = signedIn(c);
  const customer = await findCustomer(dependencies.db, paper.customer_id);
  const standing = await standingOf(dependencies, by.institution, customer);
  const content = paperContent({ paper, standing, by });
  return show(c, dependencies, { heading: paperName(paper.kind, by.institution), content });
}
