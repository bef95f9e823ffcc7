import { describe, expect, test } from 'vitest';
import { leftHolding, watchLeavingFields } from '../fixtures/leaving-fields.ts';
import { issueToken } from '../flows/issue.ts';
import { TARO } from '../pages/bank.ts';
import { useStage } from '../stage.ts';

const PIN = '295173';

/** What password managers look at: Chromium at `autocomplete`, Firefox at what a field holds when it leaves, others at marks of their own. */
const UNSAVED = {
  type: 'password',
  autocomplete: 'one-time-code',
  'data-1p-ignore': '',
  'data-bwignore': '',
  'data-lpignore': 'true',
  'data-form-type': 'other',
};

describe.each(['chromium', 'firefox'] as const)('no secret is offered to be saved in %s', (kind) => {
  const onStage = useStage(kind, 'once');

  test('利用開始パスワード and a new PIN', async () => {
    const { bank, system, token } = onStage();
    await bank.login(TARO);
    const issued = await issueToken(bank, system, TARO);
    await token.page.bringToFront();
    await watchLeavingFields(token.page);
    expect(await token.attributes('activationPassword', Object.keys(UNSAVED))).toEqual(UNSAVED);
    expect(await token.attributes('activationPassword', ['inputmode'])).toEqual({ inputmode: 'numeric' });
    await token.fillEnrolment(issued);
    await token.pressWord('reveal');
    expect(await token.attributes('activationPassword', ['type', 'autocomplete'])).toEqual({
      type: 'text',
      autocomplete: 'one-time-code',
    });
    await token.send();
    await token.finishEnrolment('', async () => {
      await token.pressWord('lockPin');
      for (const field of ['pinNew', 'pinAgain'] as const) {
        expect(await token.attributes(field, Object.keys(UNSAVED))).toEqual(UNSAVED);
      }
      await token.typeNewPin(PIN);
      await token.pressWord('pinSet');
    });
    expect(await leftHolding(token.page)).toMatchObject({
      userId: issued.userId,
      activationPassword: '',
      'new-pin': '',
      'pin-again': '',
    });
  });

  test('a PIN that unlocks', async () => {
    const { token } = onStage();
    await token.lockNow();
    expect(await token.attributes('pinLabel', Object.keys(UNSAVED))).toEqual(UNSAVED);
    await token.unlockWithPin(PIN);
    expect(await leftHolding(token.page)).toMatchObject({ pin: '' });
  });
});
