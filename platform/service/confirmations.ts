import type { DecisionKind } from '../../core/api/confirmation.ts';
import type {
  Confirmations,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
} from '../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { institutions } from '../directory.ts';
import type { Confirmer } from './confirmer.ts';
import { type StreamNews, watchStreams } from './event-streams.ts';

/** How many tokens are asked for at once: an answer is about a screen, not about an archive. */
const MOST_TOKENS = 20;

/**
 * The tokens to ask for: the selected one, then the newest. None where the vault cannot be read.
 * @param institution whose tokens alone are to be asked for
 */
export async function tokensToAsk(
  vault: TokenReader,
  institution?: string,
): Promise<readonly TokenSummary[]> {
  try {
    const [tokens, selected] = await Promise.all([vault.list(), vault.selected()]);
    const own = tokens.filter((token) => institution === undefined || token.institution === institution);
    const newest = own.toReversed();
    return [
      ...newest.filter(({ id }) => id === selected),
      ...newest.filter(({ id }) => id !== selected),
    ].slice(0, MOST_TOKENS);
  } catch {
    return [];
  }
}

/** What is said of confirmations while the vault is locked: that there are some. */
export function concealed<Known extends number | 'perhaps'>(waiting: Known) {
  return { confirmations: [], failed: [], concealed: waiting };
}

/** Where storage fails nobody was asked: that nothing waits has not been said. */
const UNASKED: LatestConfirmations = { confirmations: [], failed: institutions.map(({ key }) => key) };

/** What is decided on, or wants its code. */
type Asked = Pick<PendingConfirmation, 'tokenId' | 'canonical'>;

/** As the port, but for whoever has only the text of a confirmation. */
export interface DirectConfirmations extends Confirmations {
  decide(confirmation: Asked, decision: DecisionKind): Promise<DecisionOutcome>;
  code(confirmation: Asked): Promise<string | undefined>;
}

/**
 * 取引認証 where the services are talked to from here: the companion's page, the extension's background.
 * @param vault tells of the tokens even while it is locked
 */
export function createConfirmations(
  confirmer: Confirmer,
  vault: TokenReader,
  isLocked: () => Promise<boolean>,
): DirectConfirmations {
  /** Whether something waited when it was last asked, or an event came since. */
  let mayWait = false;
  const guardedness = async (): Promise<'open' | 'locked' | 'unknown'> =>
    isLocked().then(
      (locked) => (locked ? 'locked' : 'open'),
      () => 'unknown',
    );
  const tokenOf = async (id: string) => (await vault.list().catch(() => [])).find((token) => token.id === id);
  return {
    async latest() {
      const before = await guardedness();
      const latest = before === 'open' ? await confirmer.latest(await tokensToAsk(vault)) : undefined;
      const after = await guardedness();
      if (after === 'unknown') return UNASKED;
      // locked in the meantime, it is not said either
      if (latest === undefined || after === 'locked') return concealed(mayWait ? 'perhaps' : 0);
      // a service that could not be asked has taken nothing back
      mayWait &&= latest.failed.length > 0;
      mayWait ||= latest.confirmations.some(({ status }) => status === 'waiting');
      return latest;
    },
    async decide({ tokenId, canonical }, decision) {
      const now = await guardedness();
      if (now !== 'open') return { kind: 'refused', reason: now === 'locked' ? 'locked' : 'vault' };
      const token = await tokenOf(tokenId);
      return token ? confirmer.decide(token, canonical, decision) : { kind: 'refused', reason: 'vault' };
    },
    async code({ tokenId, canonical }) {
      if ((await guardedness()) !== 'open') return undefined;
      const token = await tokenOf(tokenId);
      return token && confirmer.code(token, canonical);
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
