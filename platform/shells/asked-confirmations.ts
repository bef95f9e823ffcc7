import {
  codeReplySchema,
  confirmationsChangedSchema,
  decideReplySchema,
  latestConfirmationsSchema,
  notMeReplySchema,
  type PendingMessage,
  watchReplySchema,
} from '../../core/messages/confirmation.ts';
import { detailsShape } from '../../core/messages/details.ts';
import type { Confirmations, PendingConfirmation } from '../../core/transaction/confirmations.ts';
import { ask } from '../messaging/page.ts';
import { native } from '../native.ts';
import { watchStreams } from '../service/event-streams.ts';
import { UNASKED } from './unasked.ts';

/** 取引認証 for the extension's pages. The background talks to the services and checks their answers. */
export const askedConfirmations: Confirmations = {
  async latest() {
    const reply = await ask({ type: 'confirmations.latest' }, latestConfirmationsSchema);
    if (reply === undefined) return UNASKED;
    const { concealed, unsupported, replaced, standings, logins, failed } = reply;
    const confirmations = reply.confirmations.flatMap(pendingOf);
    return {
      confirmations,
      failed,
      ...(unsupported !== undefined && { unsupported }),
      ...(replaced !== undefined && { replaced }),
      ...(standings !== undefined && { standings }),
      ...(logins !== undefined && { logins }),
      ...(concealed !== undefined && { concealed }),
    };
  },
  async decide({ tokenId, canonical: details }, decision) {
    const message = { type: 'confirmation.decide', tokenId, decision, details };
    const reply = await ask(message, decideReplySchema);
    if (reply === undefined) return { kind: 'refused', reason: 'unreachable' };
    return reply.kind === 'decided' ? { kind: 'decided', useBy: reply.useBy } : reply;
  },
  async code({ tokenId, canonical: details }) {
    const reply = await ask({ type: 'confirmation.code', tokenId, details }, codeReplySchema);
    return reply ?? { kind: 'unreachable' };
  },
  async notMe(login) {
    const reply = await ask({ type: 'login.not-me', login }, notMeReplySchema);
    return reply ?? { kind: 'refused', reason: 'unreachable' };
  },
  watch(changed, signal) {
    // the page was hidden while this was loaded
    if (signal.aborted) return;
    const hear = (message: unknown, { id, tab }: { id?: string; tab?: unknown }) => {
      // Only from the background: a content script has a tab.
      if (id === native.runtime.id && !tab && confirmationsChangedSchema(message)) changed();
      return undefined;
    };
    native.runtime.onMessage.addListener(hear);
    signal.addEventListener('abort', () => native.runtime.onMessage.removeListener(hear));
    const streams = async () => (await ask({ type: 'confirmations.watch' }, watchReplySchema))?.streams ?? [];
    // The page holds the streams itself, so that the worker need not stay alive.
    void watchStreams(streams, changed, signal);
  },
};

function pendingOf({ details: canonical, useBy, onPage, ...rest }: PendingMessage): PendingConfirmation[] {
  const details: unknown = JSON.parse(canonical);
  return detailsShape(details) ? [{ ...rest, useBy, onPage, canonical, details }] : [];
}
