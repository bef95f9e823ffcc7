import type { Sender, TokenInput } from '../../core/autofill/asking.ts';
import { decideSender, decideSignature, decideSigner } from '../../core/autofill/gate.ts';
import type { Clock } from '../../core/clock.ts';
import type { FillRefusal } from '../../core/messages/fill.ts';
import type { SignReply, SignRequest } from '../../core/messages/sign.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import type { Challenges } from '../../platform/service/challenges.ts';
import type { FillGrants } from './fill-grants.ts';
import type { Known } from './known.ts';
import type { SigningPages } from './signing-pages.ts';

export interface SignInPorts {
  /** What the gate needs to know. */
  known(sender: Sender, institution: string): Promise<Known>;
  /** Origin of a document, as the browser says now; undefined if its tab shows it no more. */
  originShown(sender: Sender): Promise<string | undefined>;
  readonly challenges: Pick<Challenges, 'waiting' | 'sign'>;
  readonly grants: Pick<FillGrants, 'heard' | 'take'>;
  readonly pages: Pick<SigningPages, 'note'>;
  readonly clock: Clock;
}

/** Signs the challenges of recognised screens, for the document that the browser says asks, and says nothing of it to the page. */
export function createSignIn(ports: SignInPorts) {
  return {
    async sign(request: SignRequest, sender: Sender): Promise<SignReply> {
      const page = { ...from(sender), page: request };
      const judged = decideSender(page);
      if (judged.kind === 'refuse') {
        void ports.grants.heard(sender);
        return refused(judged.reason);
      }
      try {
        await ports.pages.note(sender, request.challenge);
        return await sign(ports, request, sender, judged.institution.key);
      } catch {
        return refused('vault');
      }
    },
  };
}

export type SignIn = ReturnType<typeof createSignIn>;

async function sign(
  { known, originShown, challenges, grants, clock }: SignInPorts,
  { challenge, ...request }: SignRequest,
  sender: Sender,
  institution: string,
): Promise<SignReply> {
  const askedByCustomer = await grants.take(sender);
  const now = async (): Promise<TokenInput> => {
    const { offset, ...rest } = await known(sender, institution);
    return {
      ...from(sender),
      ...rest,
      request,
      askedByCustomer,
      deviceMs: clock(),
      offsetMs: offset?.offsetMs,
    };
  };
  const first = decideSigner(await now());
  if (first.kind === 'refuse') return refused(first.reason);
  const listed = await challenges.waiting(first.token);
  if (listed.kind === 'refused') return listed;
  const waiting = listed.logins;
  // Whatever has changed meanwhile counts.
  const [input, shownAt] = await Promise.all([now(), originShown(sender)]);
  const decision = decideSignature({ ...input, challenge, waiting, shownAt });
  if (decision.kind === 'refuse') return refused(decision.reason);
  const login = waiting.find(({ id }) => id === challenge);
  const { origin, documentId } = sender;
  if (login === undefined || origin === undefined || documentId === undefined) return refused('vault');
  const outcome = await challenges.sign(login, { origin, documentId, timeMs: decision.timeMs });
  return outcome.kind === 'signed' ? { kind: 'signed', number: login.number } : outcome;
}

const from = (sender: Sender) => ({ sender, ownExtensionId: browser.runtime.id, institutions });

const refused = (reason: FillRefusal): SignReply => ({ kind: 'refused', reason });
