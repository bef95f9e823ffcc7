import { signal } from '@preact/signals';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createApprovalModel } from '../../../../components/approval/approval-model.ts';
import { emptyInbox, type InboxState } from '../../../../components/confirm/inbox.ts';
import type { ApprovalOutcome } from '../../../../core/transaction/approvals.ts';
import type { DecisionOutcome, PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { aConfirmation } from '../confirm/confirmations.ts';
import { anApproval, NOW } from './approvals.ts';

let now: number;
let said: string[];
let used: string[];
let outcome: ApprovalOutcome;
let confirmed: DecisionOutcome;
let confirmedHere: string[];
let state = signal<InboxState>(emptyInbox);

function start() {
  const model = createApprovalModel(
    {
      approvals: {
        decide: async ({ id }, decision, canonical) => {
          said.push(`${decision} ${id}${canonical === undefined ? '' : ' with its transaction'}`);
          return outcome;
        },
      },
      confirmations: {
        decide: async (_confirmation, decision) => {
          said.push(`transaction ${decision}`);
          return confirmed;
        },
      },
      clock: () => now,
      preferences: { noteUse: (tokenId, at) => void used.push(`${tokenId} ${at}`) },
      schedule: () => () => undefined,
    },
    { state, decided: () => undefined },
  );
  return model;
}

function hear(approval = anApproval(), confirmations: readonly PendingConfirmation[] = []) {
  state.value = {
    pressed: 'no',
    answer: { confirmations, failed: [], approvals: { approvals: [approval], unheard: [] } },
    confirmedHere,
  };
  now += 1_000;
}

beforeEach(() => {
  now = NOW;
  said = [];
  used = [];
  outcome = { kind: 'decided' };
  confirmed = { kind: 'decided', useBy: undefined };
  state = signal<InboxState>(emptyInbox);
  confirmedHere = [];
});

test('a press is sent once, however often it is pressed', async () => {
  const model = start();
  hear();
  await Promise.all([model.press('approved'), model.press('approved')]);
  expect(said).toEqual([`approved ${anApproval().id}`]);
  expect(model.state.value.shown?.phase).toEqual({ kind: 'decided', decision: 'approved' });
});

test('an approval that has arrived is a use of the token; one that has not, or a refusal, is none', async () => {
  const model = start();
  hear();
  outcome = { kind: 'refused', reason: 'unreachable' };
  await model.press('approved');
  expect(used).toEqual([]);
  outcome = { kind: 'decided' };
  now += 1_000;
  await model.press('approved');
  expect(used).toEqual([`${anApproval().tokenId} ${now}`]);
  const other = start();
  now += 1_000;
  await other.press('refused');
  expect(other.state.value.shown?.phase).toEqual({ kind: 'decided', decision: 'refused' });
  expect(used).toHaveLength(1);
});

const TRANSFER = aConfirmation();
const OF_TRANSFER = anApproval({ tokenId: TRANSFER.tokenId, confirmation: TRANSFER.details.confirmation });

test('one OK confirms the transaction, and then sends its code', async () => {
  const model = start();
  hear(OF_TRANSFER, [TRANSFER]);
  model.agree(true);
  await model.press('approved');
  expect(said).toEqual(['transaction confirmed', `approved ${OF_TRANSFER.id} with its transaction`]);
});

test('a transaction that was confirmed before is not confirmed again', async () => {
  const model = start();
  hear(OF_TRANSFER, [{ ...TRANSFER, status: 'confirmed' }]);
  model.agree(true);
  await model.press('approved');
  expect(said).toEqual([`approved ${OF_TRANSFER.id} with its transaction`]);
});

describe('the code of a transaction that was confirmed here', () => {
  const CONFIRMED = { ...TRANSFER, status: 'confirmed' } as const;

  test('is sent without another question', async () => {
    confirmedHere = [TRANSFER.details.confirmation];
    const model = start();
    hear(OF_TRANSFER, [CONFIRMED]);
    await vi.waitFor(() => expect(model.state.value.shown?.phase.kind).toBe('decided'), 20_000);
    hear(OF_TRANSFER, [CONFIRMED]);
    expect(said).toEqual([`approved ${OF_TRANSFER.id} with its transaction`]);
  });

  test.each([
    ['for a page of another origin', { ...OF_TRANSFER, isOwnOrigin: false }, [CONFIRMED], true],
    ['that its service has no more', OF_TRANSFER, [], true],
    ['on another device', OF_TRANSFER, [CONFIRMED], false],
    ['while a login is asked for', { ...OF_TRANSFER, confirmation: undefined }, [CONFIRMED], true],
  ])('is not, %s', async (_what, approval, confirmations, here) => {
    confirmedHere = here ? [TRANSFER.details.confirmation] : [];
    const model = start();
    hear(approval, confirmations);
    expect(model.state.value.shown?.phase).toEqual({ kind: 'asking' });
    expect(said).toEqual([]);
  });
});

test('a transaction that cannot be confirmed has no code', async () => {
  confirmed = { kind: 'refused', reason: 'unreachable' };
  const model = start();
  hear(OF_TRANSFER, [TRANSFER]);
  model.agree(true);
  await model.press('approved');
  expect(said).toEqual(['transaction confirmed']);
  expect(model.state.value.shown?.phase).toMatchObject({ kind: 'refused', reason: 'unreachable' });
});

test('a transaction that is not among those of the service is not approved blindly', async () => {
  const model = start();
  hear(OF_TRANSFER, []);
  model.agree(true);
  await model.press('approved');
  expect(said).toEqual([]);
  expect(model.state.value.shown?.phase).toEqual({ kind: 'gone', decision: 'approved' });
});

test('拒否 rejects the transaction too; 心当たりがない stops the token, and with it everything', async () => {
  const refusing = start();
  hear(OF_TRANSFER, [TRANSFER]);
  await refusing.press('refused');
  expect(said).toEqual(['transaction rejected', `refused ${OF_TRANSFER.id} with its transaction`]);
  said = [];
  state.value = emptyInbox;
  const disowning = start();
  hear(OF_TRANSFER, [TRANSFER]);
  await disowning.press('not-me');
  now += 1_000;
  await disowning.press('not-me');
  expect(said).toEqual([`not-me ${OF_TRANSFER.id} with its transaction`]);
});

test('a service that could not be asked takes nothing off the screen', () => {
  const model = start();
  hear();
  state.value = { ...emptyInbox, answer: { confirmations: [], failed: ['senpoku'] } };
  expect(model.state.value.shown?.phase).toEqual({ kind: 'asking' });
});
