import type { DecisionKind } from '../../core/api/confirmation.ts';
import type {
  CodeOutcome,
  Confirmations,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
} from '../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { institutions } from '../directory.ts';
import type { Approver } from './approver.ts';
import { type Challenges, waitingLogins } from './challenges.ts';
import type { Confirmer } from './confirmer.ts';
import { type StreamNews, watchStreams } from './event-streams.ts';

/**
 * The tokens to ask about: the selected one, then the newest. None if the vault cannot be read.
 * @param institution asks only about this institution's tokens
 */
export async function tokensToAsk(
  vault: TokenReader,
  institution?: string,
): Promise<readonly TokenSummary[]> {
  try {
    const [tokens, selected] = await Promise.all([vault.list(), vault.selected()]);
    const own = tokens.filter((token) => institution === undefined || token.institution === institution);
    const newest = own.toReversed();
    return [...newest.filter(({ id }) => id === selected), ...newest.filter(({ id }) => id !== selected)];
  } catch {
    return [];
  }
}

/** The answer while the vault is locked: only that there are some confirmations. */
export function concealed<Known extends number | 'perhaps'>(waiting: Known) {
  return { confirmations: [], failed: [], concealed: waiting };
}

/** The answer if storage fails: no service was asked, so it does not claim that nothing waits. */
const UNASKED: LatestConfirmations = { confirmations: [], failed: institutions.map(({ key }) => key) };

/** The confirmation to decide on, or whose code to make. */
type Asked = Pick<PendingConfirmation, 'tokenId' | 'canonical'>;

/** Like the port, but takes only the text of a confirmation. */
export interface DirectConfirmations extends Confirmations {
  /** @param origin where a page shows this very transaction, by the browser's word; none if nobody here knows of one */
  decide(confirmation: Asked, decision: DecisionKind, origin?: string): Promise<DecisionOutcome>;
  code(confirmation: Asked): Promise<CodeOutcome>;
}

/**
 * 取引認証 for contexts that talk to the services themselves: the companion's page and the extension's background.
 * @param vault lists the tokens even while it is locked
 * @param challenges of logins by signature
 * @param approver asks what paired desktops wait for, where there can be any
 */
export function createConfirmations(
  confirmer: Confirmer,
  vault: TokenReader,
  isLocked: () => Promise<boolean>,
  challenges: Pick<Challenges, 'waiting' | 'notMe'>,
  approver?: Pick<Approver, 'latest'>,
): DirectConfirmations {
  /** Whether something waited at the last look, or an event has come since. */
  let mayWait = false;
  const guardedness = async (): Promise<'open' | 'locked' | 'unknown'> =>
    isLocked().then(
      (locked) => (locked ? 'locked' : 'open'),
      () => 'unknown',
    );
  const whyClosed = async () => {
    const now = await guardedness();
    return now === 'open'
      ? undefined
      : ({ kind: 'refused', reason: now === 'locked' ? now : 'vault' } as const);
  };
  const tokenOf = async (id: string) => (await vault.list().catch(() => [])).find((token) => token.id === id);
  const ask = async (): Promise<LatestConfirmations> => {
    const tokens = await tokensToAsk(vault);
    const [latest, logins, approvals] = await Promise.all([
      confirmer.latest(tokens),
      waitingLogins(challenges, tokens),
      approver?.latest(tokens),
    ]);
    return { ...latest, ...(logins && { logins }), ...(approvals && { approvals }) };
  };
  return {
    async latest() {
      const before = await guardedness();
      const latest = before === 'open' ? await ask() : undefined;
      const after = await guardedness();
      if (after === 'unknown') return UNASKED;
      // the vault may have been locked in the meantime
      if (latest === undefined || after === 'locked') return concealed(mayWait ? 'perhaps' : 0);
      // a service that could not be asked may still have what it had before
      mayWait &&= latest.failed.length > 0;
      mayWait ||= latest.confirmations.some(({ status }) => status === 'waiting');
      return latest;
    },
    async decide({ tokenId, canonical }, decision, origin) {
      const closed = await whyClosed();
      if (closed) return closed;
      const token = await tokenOf(tokenId);
      return token
        ? confirmer.decide(token, canonical, decision, origin)
        : { kind: 'refused', reason: 'vault' };
    },
    async code({ tokenId, canonical }) {
      const token = (await guardedness()) === 'open' ? await tokenOf(tokenId) : undefined;
      return token ? confirmer.code(token, canonical) : { kind: 'unreachable' };
    },
    async notMe(login) {
      const closed = await whyClosed();
      if (closed) return closed;
      return challenges.notMe(login);
    },
    watch(changed, signal) {
      const streams = async () => confirmer.streams(await tokensToAsk(vault));
      const hear = (what: StreamNews) => {
        mayWait ||= what === 'event';
        changed();
      };
      void watchStreams(streams, hear, signal);
    },
  };
}
