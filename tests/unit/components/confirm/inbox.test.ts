import { expect, test } from 'vitest';
import { createInbox, inHand } from '../../../../components/confirm/inbox.ts';
import type { LatestConfirmations } from '../../../../core/transaction/confirmations.ts';
import { aConfirmation, aTwin } from './confirmations.ts';

/** A service whose answers are given by hand. */
function aService() {
  const questions: ((answer: LatestConfirmations) => void)[] = [];
  let changed = () => {};
  const inbox = createInbox({
    latest: () => new Promise((resolve) => questions.push(resolve)),
    watch: (callback) => {
      changed = callback;
    },
  });
  const answer = async (given: Partial<LatestConfirmations>) => {
    questions.shift()?.({ confirmations: [], failed: [], ...given });
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { inbox, questions, answer, change: () => changed() };
}

const waiting = aConfirmation();

test('opening asks, and a change during the question asks once more', async () => {
  const { inbox, questions, answer, change } = aService();
  inbox.open(new AbortController().signal);
  change();
  change();
  expect(questions).toHaveLength(1);
  await answer({});
  expect(questions).toHaveLength(1);
  await answer({ confirmations: [waiting] });
  expect(questions).toHaveLength(0);
  expect(inHand(inbox.state.value)).toEqual([waiting]);
});

test('who presses is answered, every time', async () => {
  const { inbox, answer } = aService();
  const asked = inbox.ask(true);
  expect(inbox.state.value.pressed).toBe('waiting');
  await answer({});
  await asked;
  expect(inbox.state.value.pressed).toBe('answered');
  void inbox.ask(true);
  expect(inbox.state.value.pressed).toBe('waiting');
  await answer({ failed: ['senpoku'] });
  expect(inbox.state.value).toMatchObject({ pressed: 'answered', answer: { failed: ['senpoku'] } });
});

test('who did not press is told nothing', async () => {
  const { inbox, answer } = aService();
  void inbox.ask();
  await answer({ failed: ['senpoku'] });
  expect(inbox.state.value.pressed).toBe('no');
});

test('a service out of reach takes nothing back; one that answers does', async () => {
  const { inbox, answer } = aService();
  void inbox.ask();
  await answer({ confirmations: [waiting, aTwin()] });
  void inbox.ask();
  await answer({ failed: ['senpoku'] });
  expect(inHand(inbox.state.value)).toHaveLength(2);
  void inbox.ask();
  await answer({ confirmations: [waiting] });
  expect(inHand(inbox.state.value)).toEqual([waiting]);
});

test('what was decided here is known before the service is asked again', async () => {
  const { inbox, answer } = aService();
  const coded = aConfirmation({ mode: 'code' });
  void inbox.ask();
  await answer({ confirmations: [coded, aTwin()] });
  inbox.decided(aTwin(), 'rejected', undefined);
  inbox.decided(coded, 'confirmed', 600_000);
  expect(inHand(inbox.state.value)).toEqual([{ ...coded, status: 'confirmed', useBy: 600_000 }]);
});

test('there is nothing to do about an approved transfer, and a code to read of the other kind', () => {
  const approved = aConfirmation({ status: 'confirmed' });
  const coded = aConfirmation({ status: 'confirmed', mode: 'code' });
  expect(inHand({ answer: { confirmations: [approved], failed: [] } })).toEqual([]);
  expect(inHand({ answer: { confirmations: [coded], failed: [] } })).toEqual([coded]);
});
