import { type PageFacts, recognise, recogniseScreen, UNKNOWN } from '../../core/autofill/recognise.ts';
import { SCREENS } from '../../core/autofill/screens.ts';
import { type FillRefusal, type FillReport, fillReplySchema } from '../../core/messages/fill.ts';
import { ask, tell } from '../../platform/messaging/page.ts';
import { isInWindow, putCode, valueIn } from './field.ts';
import { type InputFacts, isWorthReading, readPage, visibleText } from './read-page.ts';

/** How long after a change a page is read again, in milliseconds; and where its field is still there. */
export const SETTLE_MS = 200;
const RESTLESS_MS = 2_000;

/** A page that goes on changing its transfer is told of this often at most. */
const MOST_TOLD = 10;

/** The most text sent of a page, in UTF-16 units: all of a transfer, of other screens what stands at the top. */
const MOST_TEXT = 8_000;
const MOST_BANNER = 1_000;

/** What is read of a page that cannot be told yet. */
const NOTHING: PageFacts<InputFacts> = { idText: '', headings: [], fields: [] };

/** Recognises the screen, asks for a code and puts it in. Keeps what happened, never the code. */
export function createPageFiller(document: Document) {
  let report: FillReport = UNKNOWN;
  let inputs: readonly HTMLInputElement[] = [];
  /** The screen that {@link report} is about, and the transfer on it. */
  let answered = '';
  /** What the background was last told of the transfer this document shows, and how often it was told. */
  let told = '';
  let times = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  let last = Promise.resolve();

  /**
   * Fills the page as it then is, after the runs asked for earlier. Never rejects.
   * @param asked whether to ask again for what was answered before
   */
  function run(asked = false): Promise<void> {
    last = last
      .then(() => attempt(asked))
      .catch(() => UNKNOWN)
      .then((outcome) => {
        report = outcome;
        if (outcome.kind === 'waiting') schedule(outcome.until - Date.now());
      });
    return last;
  }

  /** Reads the page again then, if not before. */
  function schedule(ms: number): void {
    const at = Date.now() + ms;
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(run, ms);
  }

  async function attempt(asked: boolean): Promise<FillReport> {
    clearTimeout(timer);
    timer = undefined;
    const before = inputs;
    inputs = [];
    const facts = read();
    const seen = recognise(facts, SCREENS);
    const rule = recogniseScreen(facts, SCREENS);
    if ('reason' in rule) return rule;
    const transfer = rule.asks === 'confirmation';
    const text = visibleText(document, transfer ? MOST_TEXT : MOST_BANNER);
    if (transfer && text && text !== told && times < MOST_TOLD) {
      told = text;
      times += 1;
      // Not waited for: its answer comes when the service has been asked.
      void tell({ type: 'transfer.seen', screen: rule.id, text });
    }
    if (!('field' in seen)) return seen;
    const { screen, field } = seen;
    // One to scroll to is a rival to others, and is filled once it can be seen.
    if (!field.inputs.every(isInWindow)) return { kind: 'unrecognised', reason: 'field' };
    inputs = field.inputs;
    const same = `${screen} ${told}` === answered && isSame(inputs, before);
    answered = `${screen} ${told}`;
    if (valueIn(inputs)) return same && report.kind === 'filled' ? report : { kind: 'typed', screen };
    if (same && !asked && isStill(report)) return report;

    report = { kind: 'asking', screen };
    const { maxLength, boxes } = field;
    const request = { type: 'fill.request', screen, maxLength, boxes, text };
    const reply = await ask(request, fillReplySchema);
    if (reply?.kind === 'code') return finish(screen, field.inputs, reply.code);
    return reply?.kind === 'wait'
      ? { kind: 'waiting', screen, until: Date.now() + reply.waitMs }
      : refused(screen, reply?.reason ?? 'vault');
  }

  /** The page may have changed while the code came: it goes into the same field of the same screen or nowhere. */
  async function finish(
    screen: string,
    target: readonly HTMLInputElement[],
    code: string,
  ): Promise<FillReport> {
    const now = recognise(read(), SCREENS);
    const filled =
      'field' in now &&
      now.screen === screen &&
      isSame(now.field.inputs, target) &&
      !valueIn(target) &&
      putCode(target, code);
    await tell({ type: 'fill.done', screen, outcome: filled ? 'filled' : FIELD_CHANGED });
    return filled ? { kind: 'filled', screen, at: Date.now() } : refused(screen, FIELD_CHANGED);
  }

  const read = () => (isWorthReading(document) ? readPage(document) : NOTHING);

  return {
    run,
    /** The page changed by itself: read it again soon, or by and by where its field is still there. */
    changed(): void {
      const there = inputs[0] && inputs.every((input) => input.isConnected);
      schedule(there ? RESTLESS_MS : SETTLE_MS);
    },
    /** What happened last; a field emptied since then can be filled again. */
    report: () =>
      report.kind === 'filled' && !valueIn(inputs) ? refused(report.screen, FIELD_CHANGED) : report,
  };
}

/** Whether the same would be answered: it was refused, or the next code is not due. */
const isStill = (report: FillReport) =>
  report.kind === 'refused' ||
  report.kind === 'filled' ||
  (report.kind === 'waiting' && Date.now() < report.until);

const isSame = (some: readonly unknown[], others: readonly unknown[]) =>
  some.length === others.length && some.every((one, at) => one === others[at]);

const FIELD_CHANGED = 'field-changed';
const refused = (screen: string, reason: FillRefusal): FillReport => ({ kind: 'refused', screen, reason });
