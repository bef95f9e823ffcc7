import { beforeEach, describe, expect, test } from 'vitest';
import { createTokenModel } from '../../../components/token-model.ts';
import type { PageState } from '../../../core/autofill/bank-page.ts';
import { codeAt } from '../../../core/otp/totp.ts';
import { key, parameters, START, settled, showsCode, World } from './token-world.ts';
import { aToken } from './tokens.ts';

let world: World;
let model: ReturnType<typeof createTokenModel>;
beforeEach(() => {
  world = new World();
  model = createTokenModel(world.ports);
});
const codeNow = () => codeAt(key, parameters, world.now + (world.stored?.offsetMs ?? 0));

describe('the code on screen', () => {
  test('appears with its seconds as soon as the vault has answered', async () => {
    await model.show();
    expect(model.view.value?.code).toBe(await codeNow());
    expect(model.view.value?.seconds).toBe(50);
  });

  test('does not wait for the service or the page', async () => {
    world.stored = undefined;
    const never = new Promise<undefined>(() => {});
    const slow = createTokenModel({
      ...world.ports,
      clockKeeper: { ...world.ports.clockKeeper, measure: () => never },
      bankPage: { report: () => never, fill: () => never, cancel: () => never },
    });
    await slow.show();
    expect(slow.view.value?.code).toMatch(/^[0-9]{8}$/);
    expect(slow.state.value.clock.kind).toBe('measuring');
  });

  test('is never first the code of an uncorrected clock', async () => {
    world.stored = { offsetMs: -7_200_000, measuredAt: START };
    const seen = new Set<string>();
    const stop = model.view.subscribe((view) => view?.code && seen.add(view.code));
    await model.show();
    stop();
    expect([...seen]).toEqual([await codeNow()]);
  });

  test('counts whole seconds of the corrected time', async () => {
    world.stored = { offsetMs: 500, measuredAt: START };
    await model.show();
    expect(world.timer?.at).toBe(START + 10_500);
    await world.pass(1_000);
    expect(model.view.value?.seconds).toBe(49);
  });

  test('changes at nought without a gap', async () => {
    await model.show();
    const first = model.view.value?.code;
    const codes: (string | undefined)[] = [];
    const stop = model.view.subscribe((view) => codes.push(view?.code));
    await world.pass(50_000);
    stop();
    expect(model.view.value?.seconds).toBe(60);
    expect(model.view.value?.code).toBe(await codeNow());
    expect(model.view.value?.code).not.toBe(first);
    expect(codes).not.toContain(undefined);
  });

  test('is not shown where another page locks while the vault is read for the first time', async () => {
    const shown = model.show();
    world.keyFails = 'locked';
    world.lockChanged();
    await shown;
    await settled();
    expect(model.state.value.vault).toEqual({ kind: 'failed', failure: 'locked' });
    expect(model.view.value?.code).toBeUndefined();
  });

  test('is not shown once the token has expired', async () => {
    world.tokens = [aToken({ expiresAt: world.now })];
    await model.show();
    expect(model.view.value).toMatchObject({ expired: true, code: undefined });
    world.tokens = [aToken({ expiresAt: world.now + 1 })];
    await model.reload();
    expect(model.view.value).toMatchObject({ expired: false, daysLeft: 1, code: await codeNow() });
  });
});

describe('what the service says of the token', () => {
  test('a new 有効期限 is shown at once, and the code with it', async () => {
    world.tokens = [aToken({ expiresAt: world.now })];
    await model.show();
    const renewed = world.now + 1000;
    model.stand([{ tokenId: 'one', status: 'active', expiresAt: renewed }]);
    expect(model.view.value).toMatchObject({
      expired: false,
      token: { expiresAt: renewed },
      code: await codeNow(),
    });
  });

  test('suspended, it shows no code, and shows it again once staff resumed it', async () => {
    await model.show();
    const { expiresAt } = model.view.value?.token ?? { expiresAt: 0 };
    model.stand([{ tokenId: 'one', status: 'suspended', expiresAt }]);
    expect(model.view.value).toMatchObject({ stopped: true, code: undefined });
    model.stand([{ tokenId: 'one', status: 'active', expiresAt }]);
    expect(model.view.value).toMatchObject({ stopped: false, code: await codeNow() });
  });

  test('suspended when its service was last heard, it shows no code offline either, until it is heard otherwise', async () => {
    world.tokens = [aToken({ status: 'suspended' })];
    await model.show();
    expect(model.view.value).toMatchObject({ stopped: true, heard: false, code: undefined });
    const { expiresAt } = aToken();
    model.stand([{ tokenId: 'one', status: 'suspended', expiresAt }]);
    expect(model.view.value).toMatchObject({ stopped: true, heard: true, code: undefined });
    model.stand([{ tokenId: 'one', status: 'active', expiresAt }]);
    expect(model.view.value).toMatchObject({ stopped: false, code: await codeNow() });
  });

  test('of another token changes nothing', async () => {
    await model.show();
    const before = model.view.value;
    model.stand([{ tokenId: 'two', status: 'active', expiresAt: 0 }]);
    expect(model.view.value).toEqual(before);
  });
});

describe('leaving and coming back', () => {
  test('hidden, nothing ticks and no code is kept', async () => {
    await model.show();
    model.hide();
    expect(world.timer).toBeUndefined();
    expect(model.state.value.opened).toBeUndefined();
    expect(model.view.value?.code).toBeUndefined();
  });

  test('shown again after an hour, it catches up at once', async () => {
    await model.show();
    model.hide();
    world.now += 3_600_000;
    world.stored = { offsetMs: 0, measuredAt: world.now };
    await model.show();
    expect(model.view.value?.code).toBe(await codeNow());
  });

  test('a vault that answers after the screen was left opens nothing', async () => {
    const showing = model.show();
    model.hide();
    await showing;
    expect(model.state.value.opened).toBeUndefined();
  });

  test('a vault that is locked as the screen is left says so', async () => {
    await model.show();
    world.listFails = true;
    const reading = model.reload();
    model.hide();
    await reading;
    expect(model.state.value.vault).toEqual({ kind: 'failed', failure: 'unavailable' });
  });

  test('reading again while hidden lists tokens and opens no key', async () => {
    await model.reload();
    expect(model.state.value.tokens).toHaveLength(1);
    expect(world.asked).not.toContain('key one');
  });
});

describe('several tokens', () => {
  beforeEach(() => {
    world.tokens = [aToken(), aToken({ id: 'two', serial: '243725999' })];
  });

  test('the selected one is shown, else the oldest', async () => {
    world.selectedId = 'two';
    await model.show();
    expect(model.view.value?.token.id).toBe('two');
    world.selectedId = 'gone';
    await model.reload();
    expect(model.view.value?.token.id).toBe('one');
  });

  test('choosing one keeps the choice and shows its code', async () => {
    await model.show();
    await model.select('two');
    expect(world.selectedId).toBe('two');
    expect(model.view.value).toMatchObject({ token: { id: 'two' }, code: await codeNow() });
  });

  test('a choice that a full device cannot keep holds on this page, until another one is kept', async () => {
    world.isFull = true;
    await model.show();
    expect(model.state.value.unkept).toBe(false);
    await model.select('one');
    expect(model.state.value.unkept).toBe(true);
    world.selectedId = 'one';
    await model.select('two');
    expect(model.view.value).toMatchObject({ token: { id: 'two' }, code: await codeNow() });
    await model.reload();
    expect(model.view.value?.token.id).toBe('two');
    expect(model.state.value.unkept).toBe(true);
    await model.select('one');
    expect(model.state.value.unkept).toBe(false);
    world.isFull = false;
    world.selectedId = 'two';
    await model.select('one');
    expect(model.view.value?.token.id).toBe('one');
    world.selectedId = 'two';
    await model.reload();
    expect(model.view.value?.token.id).toBe('two');
  });
});

describe('what goes wrong', () => {
  test('storage that fails is a state, and can be tried again', async () => {
    world.listFails = true;
    await model.show();
    expect(model.state.value.vault).toEqual({ kind: 'failed', failure: 'unavailable' });
    world.listFails = false;
    await model.reload();
    expect(model.view.value?.code).toBe(await codeNow());
  });

  test('storage that answers after all is read by itself, once, and not after anything newer', async () => {
    world.listFails = true;
    await model.show();
    const { recover } = world;
    world.listFails = false;
    await model.reload();
    const asked = world.asked.length;
    recover();
    await settled();
    expect(world.asked.length).toBe(asked);

    world.listFails = true;
    await model.reload();
    expect(model.state.value.vault.kind).toBe('failed');
    world.listFails = false;
    world.recover();
    await showsCode(model, await codeNow());
  });

  test('a key that cannot be read spoils its own token only', async () => {
    world.keyFails = 'corrupt';
    await model.show();
    expect(model.state.value.vault.kind).toBe('ready');
    expect(model.view.value).toMatchObject({ unreadable: true, code: undefined });
  });

  test.each(['stuck', 'blocked', 'broken', 'locked', 'missing'] as const)(
    'a key that storage does not give now is no spoiled token: %s',
    async (failure) => {
      world.keyFails = failure;
      await model.show();
      expect(model.state.value.vault).toEqual({ kind: 'failed', failure });
      world.keyFails = undefined;
      world.recover();
      await showsCode(model, await codeNow());
    },
  );
});

describe('the page behind the popup', () => {
  test.each<PageState>([{ kind: 'not-permitted', of: 'page' }, { kind: 'not-injected' }])(
    'is asked again each second while it is $kind, for that is mended elsewhere',
    async (page) => {
      world.report = page;
      await model.show();
      await settled();
      await world.pass(1_500);
      expect(model.state.value.page).toEqual(page);
      world.report = { kind: 'filled', screen: 'BLI023', at: world.now };
      await world.pass(1_000);
      expect(model.state.value.page?.kind).toBe('filled');
    },
  );

  test('is asked again when the wait is over', async () => {
    world.report = { kind: 'waiting', screen: 'BLI023', until: world.now + 3_000 };
    await model.show();
    await settled();
    world.asked = [];
    await world.pass(2_500);
    expect(world.asked).toEqual([]);
    world.report = { kind: 'filled', screen: 'BLI023', at: world.now };
    await world.pass(1_500);
    expect(world.asked).toEqual(['report']);
    expect(model.state.value.page?.kind).toBe('filled');
    await world.pass(5_000);
    expect(world.asked).toEqual(['report']);
  });

  test('is filled once however often it is pressed', async () => {
    await model.show();
    await Promise.all([model.fill(), model.fill()]);
    expect(world.asked.filter((what) => what === 'fill')).toHaveLength(1);
    expect(model.state.value).toMatchObject({ page: { kind: 'filled' }, filling: false });
  });
});
