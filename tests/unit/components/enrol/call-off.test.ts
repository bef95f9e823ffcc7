import { h } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { EnrolForm } from '../../../../components/enrol/enrol-form.tsx';
import { MakeForm } from '../../../../components/enrol/make-form.tsx';
import type { EnrolOutcome } from '../../../../core/vault/enroller.ts';
import { draw, focused, send } from '../draw.ts';
import { text } from '../texts.ts';

/** 中止, while 初期設定 waits for the service. */

const untilCalledOff = (signal: AbortSignal) =>
  new Promise<EnrolOutcome>((over) =>
    signal.addEventListener('abort', () => over({ kind: 'refused', reason: 'unreachable' })),
  );
const enroller = {
  enrol: (_input: unknown, signal: AbortSignal) => untilCalledOff(signal),
  make: (_institution: string, signal: AbortSignal) => untilCalledOff(signal),
};
const issued = h(EnrolForm, { enroller, title: '初期設定', onEnrolled: () => undefined });
const made = h(MakeForm, {
  enroller,
  makers: [{ key: 'akagi', name: 'あかぎ信用組合', bindWithinHours: 24 }],
  findWaiting: async () => undefined,
  onMade: () => undefined,
  onTake: () => undefined,
});

const VALUES = { serviceId: '10000001', userId: '123456789012', activationPassword: '12345678' };

test.each([
  ['初期設定', issued, 'sendingAborted'],
  ['トークンを作る', made, 'makeAborted'],
] as const)('at %s the focus goes to what can be pressed again', async (_form, form, said) => {
  const main = draw(form);
  await act(() => {
    for (const [id, value] of Object.entries(VALUES)) {
      const input = main.querySelector<HTMLInputElement>(`#${id}`);
      if (input) input.value = value;
      send(input, 'input');
    }
    const tick = main.querySelector<HTMLInputElement>('[type="checkbox"]');
    if (tick) tick.checked = true;
    send(tick, 'change');
  });
  await act(() => send(main.querySelector('form'), 'submit'));
  const named = (name: string) =>
    [...main.querySelectorAll('button')].find(({ textContent }) => textContent === name);
  const callOff = await vi.waitUntil(() => named(text('cancel')), 20_000);
  await act(() => callOff.click());
  await vi.waitFor(() => expect(main.textContent).toContain(text(said)), 20_000);
  expect(focused).toEqual([main.querySelector('[type="submit"]')]);
  expect(named(text('cancel'))).toBeUndefined();
});
