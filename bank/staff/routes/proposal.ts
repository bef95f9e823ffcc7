import type { Hono } from 'hono';
import type { BankDependencies } from '../../context.ts';
import { findCustomer } from '../../store/customers.ts';
import { findProposal, type ProposalOf } from '../../store/proposals.ts';
import { ownLimit } from '../../transfer/limits.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { doOnce, type FormName, isOurSubmission, newSubmission, type Outcome } from '../../web/submission.ts';
import { reasonError } from '../act-input.ts';
import { ACTS } from '../acts.ts';
import { carryOut } from '../carry-out.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken, TYPED_BEFORE, typedBefore } from '../drafts.ts';
import { changeOf } from '../limit.ts';
import { isNumber } from '../numbers.ts';
import { proposalContent } from '../pages/proposal.ts';
import { proposalPath } from '../paths.ts';
import { type DecisionKind, decide, OTHER_LIMIT, OTHER_TOKEN, whyNotAsProposed } from '../proposals.ts';
import { show, showError } from '../render.ts';
import { mayApprove } from '../roles.ts';
import { BUSY, type Standing, standingOf } from '../standing.ts';
import { answer } from './answer.ts';

const PATH = '/proposals/:no';

const UNANSWERED =
  'トークンサービスから応答がなく、結果を確認できませんでした。もう一度操作してください。二重に行われることはありません。';

/** A proposal, and what becomes of it: 承認, 却下, 取り下げ. */
export function proposalRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get(PATH, (c) =>
    withProposal(c, dependencies, async (proposal) => {
      const kept = await typedBefore(c, dependencies);
      const typed = { reason: kept?.get('reason') ?? '', decision: kept?.get('decision') ?? '' };
      return showProposal(c, dependencies, proposal, kept ? { typed, notice: TYPED_BEFORE } : {}, 200);
    }),
  );
  // Where the back button leads after a decision.
  for (const step of ['decide', 'withdraw', 'carry-out']) {
    app.get(`${PATH}/${step}`, (c) =>
      withProposal(c, dependencies, ({ id }) => c.redirect(proposalPath(id), 303)),
    );
  }
  app.post(`${PATH}/decide`, (c) =>
    withProposal(c, dependencies, (proposal) => {
      const decision = c.get('form').get('decision') ?? '';
      const kind = decision === 'approved' || decision === 'declined' ? decision : undefined;
      return sendDecision(c, dependencies, proposal, kind);
    }),
  );
  app.post(`${PATH}/withdraw`, (c) =>
    withProposal(c, dependencies, (proposal) => sendDecision(c, dependencies, proposal, 'withdrawn')),
  );
  app.post(`${PATH}/carry-out`, (c) =>
    withProposal(c, dependencies, async (proposal) => {
      const submission = ourSubmission(c, dependencies, proposal);
      if (submission === undefined) return showError(c, dependencies, 403);
      const by = signedIn(c);
      const isTheirs = mayApprove(by.clerk) && proposal.proposed_by !== by.clerk.staff_id;
      if (proposal.state !== 'approved' || !isTheirs)
        return c.redirect(proposalPath(String(proposal.id)), 303);
      const outcome = await doOnce(dependencies, submission, () =>
        carryOut(dependencies, by.institution, proposal),
      );
      return answerDecision(c, dependencies, proposal, { outcome, typed: NOTHING_TYPED, submission });
    }),
  );
}

async function withProposal(
  c: StaffContext,
  { db, ...dependencies }: BankDependencies,
  next: (proposal: ProposalOf) => Response | Promise<Response>,
): Promise<Response> {
  const no = c.req.param('no') ?? '';
  const { key } = signedIn(c).institution;
  const proposal = isNumber(no) ? await findProposal(db, key, no) : undefined;
  return proposal ? next(proposal) : showError(c, { db, ...dependencies }, 404);
}

/** The submission that was sent, where this session was given it for this proposal. */
function ourSubmission(
  c: StaffContext,
  dependencies: BankDependencies,
  { id }: ProposalOf,
): string | undefined {
  const submission = c.get('form').get('submission') ?? '';
  return isOurSubmission(dependencies, c.get('visitor').id, formName(id), submission)
    ? submission
    : undefined;
}

const formName = (id: string): FormName => `staff proposal ${id}`;

interface Typed {
  readonly reason: string;
  readonly decision: string;
}

const NOTHING_TYPED: Typed = { reason: '', decision: '' };

/** @param kind undefined where nothing was chosen */
async function sendDecision(
  c: StaffContext,
  dependencies: BankDependencies,
  proposal: ProposalOf,
  kind: DecisionKind | undefined,
): Promise<Response> {
  const submission = ourSubmission(c, dependencies, proposal);
  if (submission === undefined) return showError(c, dependencies, 403);
  const reason = (c.get('form').get('reason') ?? '').trim();
  const typed = { reason, decision: kind ?? '' };
  const wrong = reasonError('理由', reason);
  const errors: FieldError[] = [
    ...(kind === undefined
      ? [{ field: 'decision', message: '承認するか却下するかを選択してください。' }]
      : []),
    ...(wrong === undefined ? [] : [wrong]),
  ];
  if (kind === undefined || errors.length > 0) {
    return showProposal(c, dependencies, proposal, { typed, errors }, 422);
  }
  const by = signedIn(c);
  const outcome = await doOnce(dependencies, submission, async () => {
    const now = await findProposal(dependencies.db, by.institution.key, String(proposal.id));
    const isMine = now?.state === 'approved' && now.decided_by === by.clerk.staff_id;
    // The answer of the token service was lost: the same form finds out.
    if (now && isMine && kind === 'approved') return carryOut(dependencies, by.institution, now);
    return decide(dependencies, { by, proposal: now ?? proposal, kind, reason });
  });
  return answerDecision(c, dependencies, proposal, { outcome, typed, submission });
}

async function answerDecision(
  c: StaffContext,
  dependencies: BankDependencies,
  proposal: ProposalOf,
  sent: { readonly outcome: Outcome; readonly typed: Typed; readonly submission: string },
): Promise<Response> {
  const { outcome, typed, submission } = sent;
  const showAgain = async (again: Shown, status: PageStatus) => {
    const now = await findProposal(dependencies.db, signedIn(c).institution.key, String(proposal.id));
    return showProposal(c, dependencies, now ?? proposal, { typed, ...again }, status);
  };
  return answer(c, dependencies, outcome, {
    showBlocked: (notice) => showAgain({ notice }, 409),
    showUnavailable: (isBusy) => showAgain({ notice: isBusy ? BUSY : UNANSWERED, submission }, 503),
  });
}

interface Shown {
  readonly typed?: Typed;
  readonly errors?: readonly FieldError[];
  readonly notice?: string;
  readonly submission?: string;
}

async function showProposal(
  c: StaffContext,
  dependencies: BankDependencies,
  proposal: ProposalOf,
  { typed = NOTHING_TYPED, errors = [], notice, submission }: Shown,
  status: PageStatus,
): Promise<Response> {
  const by = signedIn(c);
  const { id } = c.get('visitor');
  const customer = await findCustomer(dependencies.db, proposal.customer_id);
  const standing = await standingOf(dependencies, by.institution, customer);
  const content = proposalContent({
    proposal,
    standing,
    by,
    now: dependencies.clock(),
    typed,
    errors,
    notice,
    obstacle: obstacleTo(proposal, standing),
    formToken: staffFormToken(c, dependencies),
    submission: submission ?? newSubmission(dependencies, id, formName(proposal.id)),
  });
  return show(c, dependencies, { heading: `${ACTS[proposal.act].name}の申請`, content }, status);
}

/** Why it cannot be approved as things stand. */
function obstacleTo(proposal: ProposalOf, standing: Standing): string | undefined {
  const { institution, customer, state, at } = standing;
  if (customer.user_id !== proposal.user_id) return OTHER_TOKEN;
  const change = changeOf(proposal);
  if (change !== undefined && change.from !== ownLimit(customer, institution, at)) return OTHER_LIMIT;
  return state.kind === 'unknown' ? undefined : whyNotAsProposed(proposal, standing);
}
