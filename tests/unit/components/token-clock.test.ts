import { beforeEach, expect, test } from 'vitest';
import { createTokenModel } from '../../../components/token-model.ts';
import { codeAt } from '../../../core/otp/totp.ts';
import { type ClockOffset, MEASUREMENT_LIFETIME_MS } from '../../../core/vault/clock.ts';
import { key, parameters, START, settled, showsCode, World } from './token-world.ts';

/** The device's clock, as the token in view measures it. */

let world: World;
let model: ReturnType<typeof createTokenModel>;
beforeEach(() => {
  world = new World();
  model = createTokenModel(world.ports);
});
const codeAfter = (offsetMs: number) => codeAt(key, parameters, world.now + offsetMs);

test('is measured when the last measurement is old, and the code follows', async () => {
  world.stored = { offsetMs: 0, measuredAt: START - 3_600_000 };
  world.measured = { offsetMs: 3_600_000, measuredAt: world.now };
  await model.show();
  await settled();
  expect(model.state.value.clock).toEqual({ kind: 'measured', last: world.measured });
  await showsCode(model, await codeAfter(3_600_000));
});

test('is left alone when it was measured lately', async () => {
  await model.show();
  await settled();
  expect(world.asked).not.toContain('measure');
});

test('that was wrong is measured again where nobody watched it since: it may have been set right', async () => {
  const wrong = { offsetMs: 180_000, measuredAt: world.now - 60_000 };
  world.stored = wrong;
  world.measured = undefined;
  await model.show();
  await settled();
  expect(model.state.value.clock).toEqual({ kind: 'unreachable', last: wrong });
  world.measured = { offsetMs: 0, measuredAt: world.now + 31_000 };
  await world.pass(32_000);
  expect(model.state.value.clock).toEqual({ kind: 'measured', last: world.measured });
  await showsCode(model, await codeAfter(0));
});

test('that is wrong is left alone once it is measured here', async () => {
  world.stored = { offsetMs: 180_000, measuredAt: world.now - 60_000 };
  world.measured = { offsetMs: 180_000, measuredAt: world.now };
  await model.show();
  await world.pass(MEASUREMENT_LIFETIME_MS - 20_000);
  expect(world.asked.filter((what) => what === 'measure')).toHaveLength(1);
});

test('a measurement counts although the vault was read again meanwhile', async () => {
  const answer = Promise.withResolvers<ClockOffset>();
  const asking = createTokenModel({
    ...world.ports,
    clockKeeper: { ...world.ports.clockKeeper, measure: () => answer.promise },
  });
  await asking.show();
  const measuring = asking.measureClock();
  await asking.reload();
  const last = { offsetMs: 120_000, measuredAt: world.now };
  answer.resolve(last);
  await measuring;
  expect(asking.state.value.clock).toEqual({ kind: 'measured', last });
});

test('a measurement is not undone by a reading of the vault that began before it', async () => {
  let open: Promise<unknown> = Promise.resolve();
  const { vault } = world.ports;
  const slow = createTokenModel({
    ...world.ports,
    vault: { ...vault, openKey: (id) => open.then(() => vault.openKey(id)) },
  });
  await slow.show();
  const late = Promise.withResolvers<void>();
  open = late.promise;
  const reading = slow.reload();
  await settled();
  world.measured = { offsetMs: 180_000, measuredAt: world.now };
  await slow.measureClock();
  late.resolve();
  await reading;
  expect(slow.state.value.clock).toEqual({ kind: 'measured', last: world.measured });
  await showsCode(slow, await codeAfter(180_000));
});

test('out of reach, the last measurement stays in use', async () => {
  world.measured = undefined;
  await model.show();
  await model.measureClock();
  expect(model.state.value.clock).toEqual({ kind: 'unreachable', last: world.stored });
  expect(model.view.value?.code).toBe(await codeAfter(0));
});

test('set right while the token is in view, is measured again at once, however little it was off', async () => {
  for (const wrongMs of [3_600_000, 180_000, -180_000]) {
    world = new World();
    world.setClock(wrongMs);
    world.stored = { offsetMs: -wrongMs, measuredAt: world.now };
    world.measured = world.stored;
    model = createTokenModel(world.ports);
    await model.show();
    await settled();
    world.asked = [];
    world.setClock(-wrongMs);
    world.measured = { offsetMs: 0, measuredAt: world.now };
    await world.pass(1_000);
    await settled();
    expect(model.state.value.clock).toEqual({ kind: 'measured', last: world.measured });
    await showsCode(model, await codeAfter(0));
    await world.pass(5_000);
    expect(world.asked.filter((what) => what === 'measure')).toHaveLength(1);
  }
});

test('is measured again when the measurement is old, and a service out of reach is not asked each second', async () => {
  await model.show();
  world.measured = undefined;
  await world.pass(MEASUREMENT_LIFETIME_MS + 20_000);
  expect(world.asked.filter((what) => what === 'measure')).toHaveLength(1);
  world.measured = { offsetMs: 500, measuredAt: world.now };
  await world.pass(30_000);
  expect(model.state.value.clock).toEqual({ kind: 'measured', last: world.measured });
});

test('out of reach, is asked for again without a word; a press of 時刻を確認する is said', async () => {
  world.measured = undefined;
  await model.show();
  await model.measureClock();
  const said: string[] = [];
  model.state.subscribe(({ clock: { kind } }) => said.at(-1) !== kind && said.push(kind));
  world.asked = [];
  await world.pass(MEASUREMENT_LIFETIME_MS + 60_000);
  expect(world.asked).toContain('measure');
  expect(said).toEqual(['unreachable']);
  await model.measureClock();
  expect(said).toEqual(['unreachable', 'measuring', 'unreachable']);
});
