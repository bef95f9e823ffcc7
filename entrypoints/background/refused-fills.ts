import { REFUSED_FILL_REASONS, type RefusedFillReason } from '../../core/api/refused-fills.ts';
import type { Asking, Sender } from '../../core/autofill/asking.ts';
import type { Check } from '../../core/autofill/checks.ts';
import { decideSender } from '../../core/autofill/gate.ts';
import { screenAsking } from '../../core/autofill/screens.ts';
import type { Clock } from '../../core/clock.ts';
import type { FillRefusal } from '../../core/messages/fill.ts';
import { type ClockKeeper, correctedTime } from '../../core/vault/clock.ts';
import { isOver } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import type { RefusedFillsReporter } from '../../platform/service/refused-fills.ts';
import { addRefusedFill, type RefusedFillsStore } from '../../platform/storage/refused-fills.ts';

/** Wakes the worker to report what was counted. */
export const REPORT_ALARM = 'refused-fills';

/** The hour of a refusal is over by then, and has settled; and how often it is tried after that. */
const FIRST_MINUTES = 65;
const EVERY_MINUTES = 60;

interface RefusedFillsPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: Pick<TokenReader, 'list' | 'selected'>;
  readonly clock: Clock;
  readonly clockKeeper: Pick<ClockKeeper, 'offset'>;
  readonly kept: Pick<RefusedFillsStore, 'list'>;
  readonly reporter: RefusedFillsReporter;
}

/**
 * Counts how often recognised screens were not filled, by the reason's name and the hour, for institutions that want to know.
 * Nothing else of it is kept: no address, no text, no code.
 */
export function createRefusedFills({ vault, clock, clockKeeper, kept, reporter }: RefusedFillsPorts) {
  async function count(page: Asking['page'], sender: Sender, reason: RefusedFillReason): Promise<void> {
    const judged = decideSender({ sender, ownExtensionId: browser.runtime.id, institutions, page });
    if (judged.kind === 'refuse' || judged.institution.reportsRefusedFills !== true) return;
    const { key } = judged.institution;
    const [tokens, selected, offset] = await Promise.all([
      vault.list(),
      vault.selected(),
      clockKeeper.offset(key),
    ]);
    const own = tokens.filter(({ institution }) => institution === key);
    // Which of several does not matter, as it is their institution's count; but nothing is taken from one that no contract has.
    const inUse = own.filter(({ bindBy, status }) => bindBy === undefined && !isOver(status));
    const some = inUse[0] ? inUse : own;
    const token = some.find(({ id }) => id === selected) ?? some.at(-1);
    if (token === undefined) return;
    await addRefusedFill(token.id, reason, correctedTime(clock(), offset));
    await setAlarm();
  }

  return {
    /** A page's field was not filled. Never rejects: that it could not be counted is nobody's trouble. */
    async note(page: Asking['page'], sender: Sender, reason: FillRefusal | Check): Promise<void> {
      if (!isCounted(reason) || !isScreen(page.screen)) return;
      await count(page, sender, reason).catch(() => undefined);
    },
    /** The token talks to its service anyway. */
    report: () => reporter.report(),
    /** It is time to report, or the browser starts; there is nothing to wake up for once nothing is kept. */
    async wake(): Promise<void> {
      await reporter.report();
      const left = await kept.list().catch(() => undefined);
      if (left?.length === 0) await browser.alarms.clear(REPORT_ALARM);
      else await setAlarm();
    },
  };
}

/** Not every browser keeps alarms past its end. */
async function setAlarm(): Promise<void> {
  if ((await browser.alarms.get(REPORT_ALARM)) !== undefined) return;
  browser.alarms.create(REPORT_ALARM, { delayInMinutes: FIRST_MINUTES, periodInMinutes: EVERY_MINUTES });
}

const isCounted = (reason: FillRefusal | Check): reason is RefusedFillReason =>
  (REFUSED_FILL_REASONS as readonly string[]).includes(reason);

const isScreen = (screen: string) =>
  (['password', 'confirmation'] as const).some((asks) => screenAsking(asks, screen) !== undefined);
