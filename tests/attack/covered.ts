import type { From } from './attack.ts';

/** An attack that another test tries as hard. */
export interface Covered {
  readonly from: From;
  readonly attack: string;
  readonly file: string;
  /** As it stands in that file. */
  readonly name: string;
}

const RECOGNITION = 'tests/e2e/specs/recognition.test.ts';
const GATE = 'tests/e2e/specs/gate.test.ts';
const TRANSFERS = 'tests/e2e/specs/transfers.test.ts';
const CONFIRMATIONS = 'tests/unit/server/confirmations.test.ts';
const DETAILS = 'tests/unit/core/transaction/details.test.ts';

const by = (from: From, attack: string, file: string, name: string): Covered => ({
  from,
  attack,
  file,
  name,
});

export const COVERED: readonly Covered[] = [
  by('in-page', '27 ways to conceal the field by styles', RECOGNITION, 'a field concealed: %s'),
  by(
    'in-page',
    'a style that comes late and hides the field',
    RECOGNITION,
    'a field that a stylesheet still on its way will hide',
  ),
  by(
    'in-page',
    'a form whose fields pose as its parent',
    RECOGNITION,
    'a form whose fields pose as its parent',
  ),
  by(
    'in-page',
    'the field added again and again',
    GATE,
    'a page that adds its field again gets no second code until the customer asks',
  ),
  by('in-page', 'other fields under the right heading', RECOGNITION, 'a field called 「%s」'),
  by(
    'in-page',
    'a page that makes reading fail',
    RECOGNITION,
    'a page that makes reading fail gets an answer, not an error',
  ),
  by(
    'plumbing',
    'two tabs at once',
    GATE,
    'two tabs at once: the one looked at is filled, the other waits once it is',
  ),
  by(
    'plumbing',
    'forged senders of runtime messages',
    'tests/unit/platform/messaging/gate.test.ts',
    'does not confide in %s',
  ),
  by(
    'plumbing',
    'the worker killed at every step of a transfer',
    TRANSFERS,
    'a transfer comes through with a background that is killed at every step',
  ),
  by(
    'plumbing',
    'an enrolled token, the worker killed, the page loaded again',
    'tests/e2e/specs/refusals.test.ts',
    'says what was filled, when the next code comes, and survives a killed worker',
  ),
  by(
    'transfer',
    'payee changed in the page before the display',
    TRANSFERS,
    'D3: a page that shows another payee is called out in red, and cannot be confirmed',
  ),
  by(
    'transfer',
    'details changed after the display',
    'tests/unit/components/confirm/confirm-state.test.ts',
    'other details under the same id end it: they are never swapped in',
  ),
  by(
    'transfer',
    'details changed between confirmation and execution',
    CONFIRMATIONS,
    'D2, A8: approved, then another %s: refused, and the confirmed one still good',
  ),
  by(
    'transfer',
    'the form changed at 確定する',
    'tests/unit/bank/transfer.test.ts',
    'A8: what is executed is the stored transfer, whatever the form says',
  ),
  by('transfer', 'an approval used for another request', CONFIRMATIONS, 'A8: approve A, use B: refused'),
  by(
    'transfer',
    'an approval used 20 times at once',
    CONFIRMATIONS,
    'N3, A23: of 20 parallel uses of one confirmation one is accepted',
  ),
  by(
    'transfer',
    'a flood of 20 requests',
    CONFIRMATIONS,
    'A10: of 20 questions at once five are asked; confirming and using gives places back',
  ),
  by('transfer', 'requests again after rejections', CONFIRMATIONS, 'A10: rejections cool down'),
  by(
    'transfer',
    'a login code sent to confirm',
    TRANSFERS,
    'W3: a login code is refused there, and kindly explained',
  ),
  by(
    'transfer',
    'two requests that look the same',
    TRANSFERS,
    'C2: two at once, the same payee and amount, told apart by their numbers',
  ),
  by(
    'transfer',
    'bidi, zero-width and control characters, lone surrogates',
    DETAILS,
    '%s is refused as invisible',
  ),
  by(
    'transfer',
    'markup, bidi and the like in names, at the bank’s API',
    CONFIRMATIONS,
    'spellings of a name are one; what could deceive is refused by field, and nothing is asked',
  ),
  by('transfer', 'full-width against half-width digits', DETAILS, '%j is taken as %j'),
  by(
    'transfer',
    'very long names that push the amount away',
    'tests/unit/bank/transfer-input.test.ts',
    '48 characters and ten digits are shown whole',
  ),
  by(
    'transfer',
    'a press that lands on a button just drawn',
    'tests/unit/components/confirm/confirm-state.test.ts',
    'the half second begins anew when the screen comes back, and with every new button',
  ),
  by(
    'time',
    'a clock far off',
    'tests/e2e/specs/refusals.test.ts',
    'a device clock that is off is measured, said and corrected: $fault',
  ),
  by(
    'time',
    'a clock that jumps after it was measured',
    'tests/e2e/specs/refusals.test.ts',
    'a clock that jumps after it was measured is found out when the bank refuses',
  ),
  by(
    'time',
    'an old answer about the time, played again',
    'tests/unit/server/enrolments.test.ts',
    'the time is signed over the nonce it was asked with',
  ),
];
