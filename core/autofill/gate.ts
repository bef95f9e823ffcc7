import type { ChallengeUse } from '../api/challenge.ts';
import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRefusal } from '../messages/fill.ts';
import type { PendingConfirmation } from '../transaction/confirmations.ts';
import type { TokenSummary } from '../vault/token.ts';
import type { Asking, ConfirmationGateInput, GateInput, SignInput, TokenInput } from './asking.ts';
import {
  type Beside,
  CONFIRMATION_CONDITIONS,
  confirmationCase,
  firstRefusal,
  PASSWORD_CONDITIONS,
  passwordCase,
  SENDER_CONDITIONS,
  SIGN_CONDITIONS,
  SIGNER_CONDITIONS,
  senderCase,
  type TokenCase,
  tokenCase,
} from './conditions.ts';

type Refusal = { readonly kind: 'refuse'; readonly reason: FillRefusal };

export type SenderDecision =
  | { readonly kind: 'institution'; readonly institution: PinnedInstitution }
  | Refusal;

export type GateDecision =
  | {
      readonly kind: 'release';
      /** Whose code goes into the screen's field; none where that field is to be left alone. */
      readonly token?: TokenSummary;
      /** What goes into the fields beside it, in the rule's order, where it has any. */
      readonly beside?: readonly Beside[];
      readonly timeMs: number;
    }
  | Refusal;

/** Decides whether the sender is a page of an institution, and of which one. */
export function decideSender(asking: Asking): SenderDecision {
  const of = senderCase(asking);
  const refusal = firstRefusal(SENDER_CONDITIONS, of);
  const { institution } = of;
  return refusal || !institution ? refuse(refusal) : { kind: 'institution', institution };
}

/**
 * Decides whether a one-time password may go to the sender: all of {@link PASSWORD_CONDITIONS} must hold. Claiming the step
 * decides afterwards whether it is still unspent. The content script checks again when the code arrives that the field is
 * visible, empty, and posts to its own origin, as no browser tells the background.
 */
export function decideRelease(input: GateInput): GateDecision {
  const of = passwordCase(input);
  const refusal = firstRefusal(PASSWORD_CONDITIONS, of);
  const { token, beside, timeMs } = of;
  if (refusal || timeMs === undefined) return refuse(refusal);
  return { kind: 'release', ...(token && { token }), ...(beside[0] && { beside }), timeMs };
}

export type ConfirmationGateDecision =
  | { readonly kind: 'release'; readonly confirmation: PendingConfirmation }
  | Refusal;

/**
 * Decides whether a confirmation code may go to the sender: the page must show the confirmed transaction, by the screen's type,
 * the 確認番号, and values that do not differ. Whether the code was filled before is decided afterwards.
 */
export function decideConfirmation(input: ConfirmationGateInput): ConfirmationGateDecision {
  const of = confirmationCase(input);
  const refusal = firstRefusal(CONFIRMATION_CONDITIONS, of);
  const [confirmation] = of.fitting;
  return refusal || !confirmation ? refuse(refusal) : { kind: 'release', confirmation };
}

export type SignDecision =
  | {
      readonly kind: 'sign';
      readonly token: TokenSummary;
      readonly institution: PinnedInstitution;
      /** What the signature does on this screen. */
      readonly use: ChallengeUse;
      readonly timeMs: number;
    }
  | Refusal;

/** Decides whose challenges the sender's page may be about, by all of {@link SIGNER_CONDITIONS}. */
export function decideSigner(input: TokenInput): SignDecision {
  const of = tokenCase(input);
  return signedBy(of, firstRefusal(SIGNER_CONDITIONS, of));
}

/** Decides whether a challenge may be signed for the sender's page: all of {@link SIGN_CONDITIONS} must hold. */
export function decideSignature(input: SignInput): SignDecision {
  const of = tokenCase(input);
  return signedBy(of, firstRefusal(SIGN_CONDITIONS, of));
}

function signedBy({ token, institution, rule, timeMs }: TokenCase, refusal: FillRefusal | undefined) {
  const use = rule?.signs;
  if (refusal || !token || !institution || !use || timeMs === undefined) return refuse(refusal);
  return { kind: 'sign', token, institution, use, timeMs } as const;
}

/** Nothing is released either if something is missing that no condition names. */
const refuse = (reason: FillRefusal = 'vault'): Refusal => ({ kind: 'refuse', reason });
