import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createConfirmModel } from '../../../../components/confirm/confirm-model.ts';
import { createInbox } from '../../../../components/confirm/inbox.ts';
import type {
  CodeOutcome,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
} from '../../../../core/transaction/confirmations.ts';
import { aConfirmation, aTwin, START } from './confirmations.ts';

/** A service and a clock by hand; everything asked for is noted. */
class World {
  now = START;
  list: PendingConfirmation[] = [aConfirmation({ mode: 'code' })];
  outcome: DecisionOutcome = { kind: 'decided', useBy: START + 600_000 };
  decided: { confirmation: PendingConfirmation; decision: string }[] = [];
  codesAsked: PendingConfirmation[] = [];
  used: string[] = [];
  answerCode: () => Promise<CodeOutcome> = async () => ({ kind: 'made', code: '48290517' });
  changed: () => void = () => {};
  timer: (() => void) | undefined;

  latest: () => Promise<LatestConfirmations> = async () => ({ confirmations: this.list, failed: [] });

  readonly inbox = createInbox({
    latest: () => this.latest(),
    watch: (changed) => {
      this.changed = changed;
    },
  });

  readonly model = createConfirmModel(
    {
      clock: () => this.now,
      preferences: { noteUse: (tokenId, at) => void this.used.push(`${tokenId} ${at - START}`) },
      clockKeeper: { offset: async () => ({ offsetMs: 0, measuredAt: START }) },
      confirmations: {
        decide: async (confirmation, decision) => {
          this.decided.push({ confirmation, decision });
          return this.outcome;
        },
        code: (confirmation) => {
          this.codesAsked.push(confirmation);
          return this.answerCode();
        },
      },
      schedule: (run) => {
        this.timer = run;
        return () => {
          if (this.timer === run) this.timer = undefined;
        };
      },
    },
    this.inbox,
  );

  get phase() {
    return this.model.state.value.shown?.phase;
  }

  async confirm(): Promise<void> {
    this.model.agree(true);
    this.now += 1000;
    await this.model.press('confirmed');
    this.now += 1000;
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.inbox.ask();
  world.model.show();
});

describe('a decision', () => {
  test('is made on the very object that was drawn, once, however often it is pressed', async () => {
    const [drawn] = world.list;
    expect(world.model.state.value.shown?.confirmation).toBe(drawn);
    world.list = [aConfirmation({ mode: 'code' }), aTwin()];
    await world.inbox.ask();
    world.model.agree(true);
    world.now += 1000;
    await Promise.all([world.model.press('confirmed'), world.model.press('confirmed')]);
    expect(world.decided).toHaveLength(1);
    expect(world.decided[0]?.confirmation).toBe(drawn);
  });

  test('that found no answer is sent again, the same', async () => {
    world.outcome = { kind: 'refused', reason: 'unreachable' };
    await world.confirm();
    expect(world.phase).toMatchObject({ kind: 'refused', reason: 'unreachable' });
    world.outcome = { kind: 'decided', useBy: undefined };
    await world.model.press('confirmed');
    expect(world.decided).toHaveLength(2);
    expect(world.decided[1]).toEqual(world.decided[0]);
    expect(world.phase?.kind).toBe('decided');
  });
});

test('an answer that could not be trusted stays on screen until the service has answered again', async () => {
  world.outcome = { kind: 'refused', reason: 'untrusted' };
  await world.confirm();
  const distrusted = { kind: 'refused', decision: 'confirmed', reason: 'untrusted' };
  expect(world.phase).toEqual(distrusted);
  const answer = Promise.withResolvers<LatestConfirmations>();
  world.latest = () => answer.promise;
  const asking = world.inbox.ask(true);
  expect(world.phase).toEqual(distrusted);
  answer.resolve({ confirmations: world.list, failed: [] });
  await asking;
  expect(world.phase).toEqual({ kind: 'asking' });
});

describe('the use of a token', () => {
  test('is noted once the service has what the customer confirmed', async () => {
    world.outcome = { kind: 'refused', reason: 'unreachable' };
    await world.confirm();
    expect(world.used).toEqual([]);
    world.outcome = { kind: 'decided', useBy: undefined };
    await world.model.press('confirmed');
    expect(world.used).toEqual(['one 2000']);
  });

  test('is not noted of a transfer that is rejected', async () => {
    world.now += 1000;
    await world.model.press('rejected');
    expect(world.phase?.kind).toBe('decided');
    expect(world.used).toEqual([]);
  });
});

describe('the code', () => {
  test('is not asked for before the confirmation has reached the service', async () => {
    let answer: (outcome: DecisionOutcome) => void = () => {};
    const pending = new Promise<DecisionOutcome>((resolve) => {
      answer = resolve;
    });
    Object.defineProperty(world, 'outcome', { get: () => pending });
    world.model.agree(true);
    world.now += 1000;
    const pressing = world.model.press('confirmed');
    world.timer?.();
    expect(world.codesAsked).toEqual([]);
    answer({ kind: 'decided', useBy: START + 600_000 });
    await pressing;
    expect(world.codesAsked).toEqual([]);
    world.now += 1000;
    world.model.acknowledge();
    await Promise.resolve();
    expect(world.codesAsked).toHaveLength(1);
    expect(world.phase).toMatchObject({ kind: 'code', code: { kind: 'made', code: '48290517' } });
  });

  test('is let go with the screen, and one that comes late is not kept', async () => {
    await world.confirm();
    let give: (code: CodeOutcome) => void = () => {};
    world.answerCode = () =>
      new Promise((resolve) => {
        give = resolve;
      });
    world.model.acknowledge();
    world.model.hide();
    give({ kind: 'made', code: '48290517' });
    await Promise.resolve();
    expect(JSON.stringify(world.model.state.value)).not.toContain('48290517');
    expect(world.timer).toBeUndefined();
  });

  test('is asked for once, not with every second', async () => {
    await world.confirm();
    world.model.acknowledge();
    world.timer?.();
    world.timer?.();
    await Promise.resolve();
    world.timer?.();
    expect(world.codesAsked).toHaveLength(1);
  });

  test('that no answer came for is asked for again by whoever presses, and when the service tells of it again', async () => {
    await world.confirm();
    world.list = [aConfirmation({ mode: 'code', status: 'confirmed', useBy: START + 600_000 })];
    world.answerCode = async () => ({ kind: 'unreachable' });
    world.model.acknowledge();
    for (const again of [() => world.model.retry(), () => world.inbox.ask()]) {
      await vi.waitFor(() => expect(world.phase).toMatchObject({ code: { kind: 'unreachable' } }), 20_000);
      world.answerCode = async () => ({ kind: 'made', code: '48290517' });
      await again();
      await vi.waitFor(() => expect(world.phase).toMatchObject({ code: { kind: 'made' } }), 20_000);
      world.answerCode = async () => ({ kind: 'unreachable' });
      world.model.hide();
      world.model.show();
    }
  });

  test('of a confirmed transfer is there again after the popup was closed', async () => {
    const other = new World();
    other.list = [aConfirmation({ mode: 'code', status: 'confirmed', useBy: START + 600_000 })];
    await other.inbox.ask();
    other.model.show();
    await Promise.resolve();
    expect(other.phase).toMatchObject({ kind: 'code', code: { kind: 'made' } });
  });

  test('is never made for a page that shows something else', async () => {
    const other = new World();
    other.list = [
      aConfirmation({
        mode: 'code',
        status: 'confirmed',
        useBy: START + 600_000,
        onPage: { payee: 'different', amount: 'same' },
      }),
    ];
    await other.inbox.ask();
    other.model.show();
    expect(other.codesAsked).toEqual([]);
  });

  test('of an `approve` transfer does not exist: OK ends it', async () => {
    const other = new World();
    other.list = [aConfirmation()];
    await other.inbox.ask();
    other.model.show();
    await other.confirm();
    other.list = [];
    other.model.acknowledge();
    expect(other.model.state.value.shown).toBeUndefined();
    expect(other.codesAsked).toEqual([]);
  });
});
