import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { PopupNotice } from '../../../components/popup-notice.tsx';
import { TextContext } from '../../../components/text.ts';
import { createTokenModel } from '../../../components/token-model.ts';
import type { PageHelp } from '../../../core/autofill/bank-page.ts';
import type { PopupShell } from '../../../core/shell.ts';
import { draw } from './draw.ts';
import { text } from './texts.ts';
import { settled, World } from './token-world.ts';
import { aToken } from './tokens.ts';

test('on a full device the popup does not offer to fill the code of another token than it shows', async () => {
  const world = new World();
  world.tokens = [aToken(), aToken({ id: 'two', serial: '243725999' })];
  world.selectedId = 'one';
  world.report = { kind: 'refused', screen: 'BLI023', reason: 'already-filled' };
  const model = createTokenModel(world.ports);
  await model.show();
  await settled();
  const main = draw(null);
  const drawn = async () => {
    const notice = h(PopupNotice, {
      shell: { copy: async () => undefined } as unknown as PopupShell,
      model,
      help: { version: '1.0.0', shortcut: undefined } as unknown as PageHelp,
      chosen: true,
      onChoose: () => undefined,
      onAdd: () => undefined,
    });
    await act(() => render(h(TextContext.Provider, { value: text }, notice), main));
    return main.textContent;
  };
  expect(await drawn()).toContain(text('fillHere'));
  world.isFull = true;
  await model.select('two');
  expect(await drawn()).not.toContain(text('fillHere'));
  expect(main.textContent).toContain(text('storageWriteFailed'));
});
