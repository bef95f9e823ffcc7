import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { type Policy, policyOf } from '../../../../core/institution/policy.ts';
import { equalInConstantTime } from '../../../../host/compare.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { writeMail } from '../../../mail/outbox.ts';
import { mailPasswordMail } from '../../../mail/texts.ts';
import { countMails } from '../../../store/outbox.ts';
import { issueInputErrors, readIssueInput } from '../../../token/issue-input.ts';
import { newMailPassword, sentMailPassword } from '../../../token/mail-password.ts';
import { type FormAgain, formState } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeSession, newSessionId } from '../../../web/session.ts';
import type { IssueDraft } from '../../../web/session-data.ts';
import { doOnce, isOurSubmission } from '../../../web/submission.ts';
import { issueCompleteContent, issueConfirmContent, issueInputContent } from '../pages/issue.ts';
import { confirmIssue, NO_DRAFT, readIssueConfirmation } from './issue-confirm.ts';
import { answerFromMenu, showOtpMenu, whenPossible } from './otp-menu.ts';

const tooManyMails = ({ mailPasswordMailsMinutes }: Policy) =>
  `メール通知パスワードの送信回数が上限に達しました。${mailPasswordMailsMinutes}分ほど経ってから、もう一度「次へ」を押して下さい。`;

/** トークン発行: BOT001, its confirmation and BOT002. */
export function issueRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/otp/issue', (c) =>
    whenPossible(c, dependencies, 'issue', () => {
      const email = openSession(c).issueDraft?.email ?? '';
      return showInput(c, dependencies, { email, emailAgain: email, again: { errors: [] } }, 200);
    }),
  );
  app.post('/otp/issue', (c) => whenPossible(c, dependencies, 'issue', () => takeInput(c, dependencies)));
  app.get('/otp/issue/confirm', (c) => {
    const draft = openSession(c).issueDraft;
    return draft === undefined
      ? showOtpMenu(c, dependencies, NO_DRAFT)
      : showConfirm(c, dependencies, draft, { errors: [] }, 200);
  });
  app.post('/otp/issue/confirm', (c) => confirm(c, dependencies));
  app.post('/otp/issue/cancel', async (c) => {
    await changeSession(dependencies, c.get('visitor').id, async ({ issueDraft: _, ...data }) => ({
      data,
      result: undefined,
    }));
    return c.redirect('/otp', 303);
  });
  app.get('/otp/issue/complete', (c) => {
    const { completion } = openSession(c);
    if (completion?.kind !== 'issue') return c.redirect('/otp', 303);
    return show(c, dependencies, {
      screen: ANSER.screens.issueComplete,
      content: issueCompleteContent(policyOf(c.get('site').institution), completion),
    });
  });
}

async function takeInput(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const input = readIssueInput(c.get('form'));
  const errors = issueInputErrors(input);
  const again = (notice?: string): FormAgain => (notice === undefined ? { errors } : { errors, notice });
  if (errors.length > 0) return showInput(c, dependencies, { ...input, again: again() }, 422);
  const { email, activationPassword } = input;
  const draft = { id: newSessionId(dependencies), email, activationPassword };
  const taken = c.get('site').institution.rules.emailPassword
    ? await draftWithMail(c, dependencies, draft)
    : await keepDraft(c, dependencies, draft);
  if (taken === 'too-many-mails') {
    return showInput(
      c,
      dependencies,
      { ...input, again: again(tooManyMails(policyOf(c.get('site').institution))) },
      422,
    );
  }
  return c.redirect('/otp/issue/confirm', 303);
}

function keepDraft(c: BankContext, dependencies: BankDependencies, issueDraft: IssueDraft) {
  return changeSession(dependencies, c.get('visitor').id, async (data) => ({
    data: { ...data, issueDraft },
    result: 'kept' as const,
  }));
}

/** Within this time the same input is one that was sent twice, in milliseconds. */
const PRESSED_TWICE_MS = 3_000;

/** Saves the draft and sends the メール通知パスワード for it, in one transaction. */
async function draftWithMail(
  c: BankContext,
  dependencies: BankDependencies,
  draft: IssueDraft,
): Promise<'kept' | 'too-many-mails' | undefined> {
  const { clock, randomBytes, wakeOutbox } = dependencies;
  const { institution } = c.get('site');
  const now = clock();
  // The typed address may be a stranger's: the number of mails to it is limited.
  const { mailPasswordMails, mailPasswordMailsMinutes } = policyOf(institution);
  const since = now - mailPasswordMailsMinutes * 60_000;
  const password = newMailPassword(randomBytes);
  const result = await changeSession(dependencies, c.get('visitor').id, async (data, trx) => {
    const { customerId } = data;
    if (data.issueDraft !== undefined && isPressedTwice(data.issueDraft, draft, now))
      return { data, result: 'kept' as const };
    if ((await countMails(trx, customerId, 'mail-password', since)) >= mailPasswordMails) {
      return { data, result: 'too-many-mails' as const };
    }
    await writeMail(dependencies, trx, {
      id: newSessionId(dependencies),
      institution,
      customerId,
      kind: 'mail-password',
      to: draft.email,
      content: mailPasswordMail(institution, password, now),
    });
    const issueDraft = { ...draft, mailPassword: sentMailPassword(password, now) };
    return { data: { ...data, issueDraft }, result: 'kept' as const };
  });
  wakeOutbox();
  return result;
}

/** The same input again at once: the password that is on its way stays the one that counts. */
const isPressedTwice = (kept: IssueDraft, { email, activationPassword }: IssueDraft, now: number): boolean =>
  kept.email === email &&
  equalInConstantTime(kept.activationPassword, activationPassword) &&
  kept.mailPassword?.wrong === 0 &&
  now - kept.mailPassword.sentAt < PRESSED_TWICE_MS;

async function confirm(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { id } = c.get('visitor');
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, id, 'issue', submission)) return showError(c, dependencies, 403);
  const { issueDraft } = openSession(c);
  const draft = isShown(issueDraft, c.get('form').get('draft')) ? issueDraft : undefined;
  const confirmation = readIssueConfirmation(c.get('form'));
  const errors = draft === undefined ? [] : confirmation.missing(draft);
  if (draft !== undefined && errors.length > 0) {
    return showConfirm(c, dependencies, draft, { errors, submission }, 422);
  }
  const outcome = await doOnce(dependencies, submission, () =>
    draft === undefined
      ? Promise.resolve({ kind: 'blocked', notice: NO_DRAFT })
      : confirmIssue(c, dependencies, { submission, draft, confirmation }),
  );
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    draft === undefined
      ? showOtpMenu(c, dependencies, NO_DRAFT)
      : showConfirm(c, dependencies, draft, again, status),
  );
}

/** Whether a form shows the draft: another tab may have replaced it. A node of the release before names none, or none in the session. */
const isShown = (draft: IssueDraft | undefined, shown: string | undefined) =>
  shown === undefined || draft?.id === '' || draft?.id === shown;

interface InputAgain {
  readonly email: string;
  readonly emailAgain: string;
  readonly again: FormAgain;
}

function showInput(
  c: BankContext,
  dependencies: BankDependencies,
  { email, emailAgain, again }: InputAgain,
  status: PageStatus,
) {
  const content = issueInputContent({
    institution: c.get('site').institution,
    formToken: formToken(dependencies, c.get('visitor').id),
    errors: again.errors,
    notice: again.notice,
    email,
    emailAgain,
  });
  return show(c, dependencies, { screen: ANSER.screens.issueInput, content }, status);
}

function showConfirm(
  c: BankContext,
  dependencies: BankDependencies,
  draft: IssueDraft,
  again: FormAgain,
  status: PageStatus,
) {
  const content = issueConfirmContent({
    ...formState(c, dependencies, 'issue', again),
    draft: draft.id,
    email: draft.email,
    mailSentAt: draft.mailPassword?.sentAt,
    policy: policyOf(c.get('site').institution),
  });
  return show(c, dependencies, { screen: ANSER.screens.issueConfirm, content }, status);
}
