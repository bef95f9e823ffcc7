import type { SignInput } from '../../../../core/autofill/asking.ts';
import type { FillRefusal } from '../../../../core/messages/fill.ts';
import { FITTING, INSTITUTION, ORIGIN, OTHER, SECOND, TOKEN } from './gate-example.ts';
import { UNFITTING } from './gate-refusals.ts';

export const CHALLENGE = 'C'.repeat(22);
const SIGNING = { ...INSTITUTION, login: ['signed' as const, 'code' as const] };
const { request: _request, filledScreens: _filled, ...known } = FITTING;

/** Everything in order: the challenge is signed. */
export const SIGNABLE: SignInput = {
  ...known,
  request: { screen: 'BLI023' },
  institutions: [OTHER, SIGNING],
  challenge: CHALLENGE,
  waiting: [{ id: CHALLENGE, tokenId: TOKEN.id, use: 'verify' }],
  shownAt: ORIGIN,
};

const signing = (changes: Partial<SignInput>): SignInput => ({ ...SIGNABLE, ...changes });

/** Reasons that have nothing to do with a field. */
const SHARED: readonly FillRefusal[] = [
  'sender-extension',
  'sender-origin',
  'sender-frame',
  'sender-document',
  'locked',
  'no-token',
  'unheard',
  'several-tokens',
  'on-request',
  'clock',
  'token-expired',
  'token-over',
];

/** One condition changed in each, and the refusal it must bring. */
export const UNSIGNED: readonly { because: string; refusal: FillRefusal; input: SignInput }[] = [
  // The same conditions on the sender, the token and the time as for a one-time password.
  ...UNFITTING.filter(({ refusal }) => SHARED.includes(refusal)).map(({ because, refusal, input }) => {
    const { request: _, filledScreens: __, institutions, ...rest } = input;
    return { because, refusal, input: signing({ ...rest, institutions: institutions.map(takesSignatures) }) };
  }),
  {
    because: 'a frame, also where the directory has frames',
    refusal: 'sender-frame',
    input: signing({
      sender: { ...SIGNABLE.sender, frameId: 3, topOrigin: ORIGIN },
      institutions: [{ ...SIGNING, frames: true }],
    }),
  },
  {
    because: 'an institution that takes codes alone',
    refusal: 'code-only',
    input: signing({ institutions: [OTHER, INSTITUTION] }),
  },
  {
    because: 'a screen that takes no signature',
    refusal: 'code-only',
    input: signing({ request: { screen: 'BOU001' } }),
  },
  {
    because: 'a screen for the code of a transaction',
    refusal: 'screen-unknown',
    input: signing({ request: { screen: 'BFT003' } }),
  },
  {
    because: 'another institution on the same origin',
    refusal: 'institution-unknown',
    input: signing({
      request: { screen: 'BLI023', text: '金融機関コード：9905\nログイン（ワンタイムパスワード認証）' },
    }),
  },
  {
    because: 'a token whose codes a phone makes',
    refusal: 'signs-elsewhere',
    input: signing({ tokens: [{ ...TOKEN, decider: 'Chrome (Android)' }] }),
  },
  { because: 'nothing that waits', refusal: 'challenge-unknown', input: signing({ waiting: [] }) },
  {
    because: 'another challenge',
    refusal: 'challenge-unknown',
    input: signing({ challenge: 'D'.repeat(22) }),
  },
  {
    because: 'a challenge of another token',
    refusal: 'challenge-unknown',
    input: signing({ waiting: [{ id: CHALLENGE, tokenId: SECOND.id, use: 'verify' }] }),
  },
  ...(['activate', 'release'] as const).map((use) => ({
    because: `a challenge to ${use}, where the screen is a login`,
    refusal: 'challenge-unknown' as const,
    input: signing({ waiting: [{ id: CHALLENGE, tokenId: TOKEN.id, use }] }),
  })),
  {
    because: 'a document that is not shown any more',
    refusal: 'page-left',
    input: signing({ shownAt: undefined }),
  },
  {
    because: 'a document that is shown at another origin by now',
    refusal: 'page-left',
    input: signing({ shownAt: 'https://www.senpoku.example' }),
  },
];

function takesSignatures<I extends typeof INSTITUTION>(institution: I) {
  return { ...institution, login: SIGNING.login };
}
