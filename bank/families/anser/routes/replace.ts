import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { normaliseDigits } from '../../../../core/otp/code.ts';
import type { NewDevice } from '../../../../core/transaction/types.ts';
import { NEW_DEVICE } from '../../../change/new-device.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { tellCancelled } from '../../../request/cancel.ts';
import { openNewDevices } from '../../../store/changes.ts';
import { findCustomer } from '../../../store/customers.ts';
import { cancelRequest } from '../../../store/requests.ts';
import { readOtp } from '../../../token/code-input.ts';
import { activationPasswordError } from '../../../token/issue-input.ts';
import { noteApplication, tellOfApplication } from '../../../token/left-applications.ts';
import { voidIssue } from '../../../token/pending-voids.ts';
import { presentCode } from '../../../token/present.ts';
import { takeOver } from '../../../token/take-over.ts';
import { type FormAgain, formState } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeSession } from '../../../web/session.ts';
import { doOnce, idempotencyKey, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import {
  deviceFacts,
  REPLACE_WORDS,
  replaceAskContent,
  replaceCompleteContent,
  replaceConfirmedContent,
  replaceHaltedContent,
  replaceInputContent,
  replaceSetUpContent,
  replaceStartContent,
} from '../pages/replace.ts';
import { askForChange, type ChangePages, changeRoutes } from './change.ts';
import { answerFromMenu } from './otp-menu.ts';
import { CHANGED_MEANWHILE, deviceOf, findStep, haltOf, withStep } from './replace-step.ts';

const { screens } = ANSER;
const PATH = '/otp/replace';

const PAGES: ChangePages<'new-device'> = {
  type: 'new-device',
  kind: NEW_DEVICE,
  input: PATH,
  screens: {
    waiting: screens.replaceWaiting,
    running: screens.replaceRunning,
    complete: screens.replaceStart,
    stopped: screens.replaceStopped,
  },
  words: REPLACE_WORDS,
  facts: deviceFacts,
  done: replaceConfirmedContent,
};

/** 新しい端末でのトークン利用: the token service's state of the two tokens decides which step a page shows. */
export function replaceRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  app.get(PATH, (c) => showStep(c, dependencies));
  app.post(PATH, (c) => begin(c, dependencies));
  app.post(`${PATH}/ask`, (c) => ask(c, dependencies));
  app.post(`${PATH}/start`, (c) => start(c, dependencies));
  app.post(`${PATH}/cancel`, (c) => cancel(c, dependencies));
  app.get(`${PATH}/complete`, (c) => {
    if (openSession(c).completion?.kind !== 'replace') return c.redirect('/otp', 303);
    const content = replaceCompleteContent(c.get('site').institution);
    return show(c, dependencies, { screen: screens.replaceComplete, content });
  });
  changeRoutes(app, dependencies, waiters, PAGES);
}

function showStep(
  c: BankContext,
  dependencies: BankDependencies,
  again: FormAgain = { errors: [] },
  status: PageStatus = 200,
): Promise<Response> {
  return withStep(c, dependencies, async ({ customer, fresh }) => {
    if (fresh === undefined) return showInput(c, dependencies, again, status);
    const device = deviceOf(fresh);
    const state = { ...formState(c, dependencies, 'replace-ask', again), fresh };
    const page = { path: PATH };
    if (fresh.status === 'issued') {
      return show(
        c,
        dependencies,
        { ...page, screen: screens.replaceSetUp, content: replaceSetUpContent(state) },
        status,
      );
    }
    const halt = haltOf(c.get('site').institution, fresh);
    if (halt !== undefined || device === undefined) {
      const content = replaceHaltedContent({ ...state, notice: halt });
      return show(c, dependencies, { ...page, screen: screens.replaceSetUp, content }, status);
    }
    if (fresh.takingOver?.confirmed) return showStart(c, dependencies, again, status, device);
    const [open] = status === 200 ? await openNewDevices(dependencies.db, customer.id, device.serial) : [];
    if (open !== undefined) return c.redirect(NEW_DEVICE.pathOf(open.id), 303);
    const content = replaceAskContent({ ...state, device });
    return show(c, dependencies, { ...page, screen: screens.replaceSetUp, content }, status);
  });
}

function showInput(c: BankContext, dependencies: BankDependencies, again: FormAgain, status: PageStatus) {
  const { institution } = c.get('site');
  const content = replaceInputContent({ ...formState(c, dependencies, 'replace', again), institution });
  return show(c, dependencies, { screen: screens.replaceInput, content, path: PATH }, status);
}

/** @param device undefined while the token service cannot be asked for it */
function showStart(
  c: BankContext,
  dependencies: BankDependencies,
  again: FormAgain,
  status: PageStatus,
  device?: NewDevice,
) {
  const content = replaceStartContent({ ...formState(c, dependencies, 'replace-start', again), device });
  return show(c, dependencies, { screen: screens.replaceStart, content, path: PATH }, status);
}

async function begin(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const form = c.get('form');
  const submission = form.get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'replace', submission)) {
    return showError(c, dependencies, 403);
  }
  const digits = (name: string) => normaliseDigits((form.get(name) ?? '').trim());
  const activationPassword = digits('activation_password');
  const password = form.get('confirmation_password') ?? '';
  const errors = [
    activationPasswordError({
      activationPassword,
      activationPasswordAgain: digits('activation_password_again'),
    }),
    missingConfirmationPassword(password),
  ].filter((error) => error !== undefined);
  if (errors.length > 0) return showInput(c, dependencies, { errors, submission }, 422);
  const outcome = await doOnce(dependencies, submission, () =>
    beginOnce(c, dependencies, { submission, activationPassword, password }),
  );
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    showInput(c, dependencies, again, status),
  );
}

interface Begin {
  readonly submission: string;
  readonly activationPassword: string;
  readonly password: string;
}

/** Checks the password first. The token service voids a replacement that was begun before. */
async function beginOnce(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, activationPassword, password }: Begin,
): Promise<Outcome> {
  const { clock, db, logger } = dependencies;
  const { institution } = c.get('site');
  const customer = await findCustomer(db, openSession(c).customerId);
  const error = await confirmationPasswordError(dependencies, institution, customer, password);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const step = await findStep(c, dependencies);
  if (step === undefined) return { kind: 'unavailable' };
  if ('refusal' in step) return { kind: 'blocked', notice: step.refusal };
  const { old } = step;
  const key = idempotencyKey(dependencies, submission, 'replace', activationPassword);
  await noteApplication(dependencies, institution, { customer, use: 'replace', before: old.replacement });
  const issued = await dependencies
    .serviceFor(institution)
    .issueReplacement(old.userId, activationPassword, key);
  if (issued.kind === 'problem' && issued.code === 'state_conflict') {
    return { kind: 'blocked', notice: CHANGED_MEANWHILE };
  }
  if (issued.kind !== 'ok') {
    return { kind: 'unavailable', unknown: issued.kind === 'unreachable' || issued.repeated };
  }
  const token = { ...old, replacement: issued.value.userId };
  await tellOfApplication(dependencies, institution, { customer, use: 'replace', token, at: clock() });
  logger.info(
    { institution: institution.key, customer: customer.id, event: 'replace' },
    'issued token for a new device',
  );
  return { kind: 'done', to: PATH };
}

/** 次へ: asks the old token about the new device. */
function ask(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  return withStep(c, dependencies, ({ customer, old, fresh }) => {
    const submission = c.get('form').get('submission') ?? '';
    if (!isOurSubmission(dependencies, c.get('visitor').id, 'replace-ask', submission)) {
      return showError(c, dependencies, 403);
    }
    const transaction = fresh && deviceOf(fresh);
    const halted = fresh === undefined || haltOf(c.get('site').institution, fresh) !== undefined;
    if (halted || transaction === undefined || fresh.takingOver?.confirmed) return c.redirect(PATH, 303);
    return askForChange(c, dependencies, PAGES, {
      customer,
      userId: old.userId,
      submission,
      transaction,
      showForm: (again, status) => showStep(c, dependencies, again, status),
    });
  });
}

/** 利用開始 with the new token's first code. */
async function start(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'replace-start', submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readOtp(c.get('form').get('otp'));
  if (input.kind === 'wrong') return showStep(c, dependencies, { errors: [input.error], submission }, 422);
  const outcome = await doOnce(dependencies, submission, (again) =>
    startOnce(c, dependencies, { submission, again, code: input.code }),
  );
  // The form must stay, with its submission: the new token may have taken over, and then no step would be left to show.
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    status === 503 ? showStart(c, dependencies, again, status) : showStep(c, dependencies, again, status),
  );
}

interface Start {
  readonly submission: string;
  /** Whether the form was sent before, and its answer may have been lost. */
  readonly again: boolean;
  readonly code: string;
}

async function startOnce(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, again, code }: Start,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const found = await findStep(c, dependencies);
  if (found === undefined) return { kind: 'unavailable', unknown: again };
  if ('refusal' in found) return { kind: 'blocked', notice: found.refusal };
  const { customer, old, fresh } = found;
  // The new token is in use already: the earlier try succeeded.
  if (again && fresh === undefined && old.replaces !== undefined) return finish(c, dependencies);
  if (fresh === undefined || haltOf(institution, fresh) !== undefined) {
    return { kind: 'blocked', notice: CHANGED_MEANWHILE };
  }
  const newCustomer = { ...customer, user_id: fresh.userId };
  const presented = await presentCode(dependencies, institution, newCustomer, {
    use: 'activate',
    submission,
    code,
  });
  if (presented.kind === 'conflict') return { kind: 'blocked', notice: CHANGED_MEANWHILE };
  if (presented.kind === 'unavailable') {
    // Perhaps only the answer was lost.
    const now = await findStep(c, dependencies);
    if (now === undefined) return { kind: 'unavailable', unknown: true };
    const isDone = 'old' in now && now.old.userId === fresh.userId;
    return isDone ? finish(c, dependencies) : presented;
  }
  if (presented.kind !== 'accepted') return presented;
  await takeOver(dependencies, institution, customer, presented.token);
  return finish(c, dependencies);
}

async function finish(c: BankContext, dependencies: BankDependencies): Promise<Outcome> {
  await changeSession(dependencies, c.get('visitor').id, async (data) => ({
    data: { ...data, completion: { kind: 'replace' as const } },
    result: undefined,
  }));
  return { kind: 'done', to: `${PATH}/complete` };
}

/** 申込を中止する: voids the new token and cancels the question to the old one. */
function cancel(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  return withStep(c, dependencies, async ({ customer, fresh }) => {
    const { institution } = c.get('site');
    if (fresh !== undefined) {
      const left = await voidIssue(dependencies, institution, fresh.userId);
      if (left !== undefined) return showError(c, dependencies, 503);
    }
    for (const row of await openNewDevices(dependencies.db, customer.id)) {
      if (await cancelRequest(dependencies.db, NEW_DEVICE.table, row.id)) {
        await tellCancelled(dependencies, institution, NEW_DEVICE.table, row);
      }
    }
    return c.redirect('/otp', 303);
  });
}
