import { type PageFacts, recognise, recogniseScreen, UNKNOWN } from '../../core/autofill/recognise.ts';
import { ANSER_SCREENS } from '../../core/autofill/screens.ts';
import { type FillRefusal, type FillReport, fillReplySchema } from '../../core/messages/fill.ts';
import { ask, tell } from '../../platform/messaging/page.ts';
import { putCode } from './field.ts';
import { type InputFacts, isWorthReading, readPage, visibleText } from './read-page.ts';

/** How long after a change a page is read again, in milliseconds. */
const SETTLE_MS = 200;

/** A page that goes on changing its transfer is told of this often at most. */
const MOST_TOLD = 10;

/** What is read of a page that cannot be told yet. */
const NOTHING: PageFacts<InputFacts> = { idText: '', headings: [], fields: [] };

/** Recognises the screen, asks for a code and puts it in. Keeps what happened, never the code. */
export function createPageFiller(document: Document) {
  let report: FillReport = UNKNOWN;
  let input: HTMLInputElement | undefined;
  /** Whether a code was put into this document: only the customer asks for another. */
  let given = false;
  /** What the background was last told of the transfer this document shows, and how often it was told. */
  let told = '';
  let times = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Promise.resolve();

  /**
   * Fills the page as it then is, after the runs asked for earlier. Never rejects.
   * @param asked whether the customer asks, by the popup
   */
  function run(asked = false): Promise<void> {
    last = last
      .then(() => attempt(asked))
      .catch(() => UNKNOWN)
      .then((outcome) => {
        report = outcome;
      });
    return last;
  }

  async function attempt(asked: boolean): Promise<FillReport> {
    clearTimeout(timer);
    timer = undefined;
    input = undefined;
    const facts = read();
    const seen = recognise(facts, ANSER_SCREENS);
    const rule = recogniseScreen(facts, ANSER_SCREENS);
    const text = 'asks' in rule && rule.asks === 'confirmation' ? visibleText(document) : undefined;
    if ('asks' in rule && text && text !== told && times < MOST_TOLD) {
      told = text;
      times += 1;
      // Not waited for: its answer comes when the service has been asked.
      void tell({ type: 'transfer.seen', screen: rule.id, text });
    }
    if (!('field' in seen)) return seen;
    const { screen, field } = seen;
    input = field.input;
    if (input.value) return report.kind === 'filled' ? report : { kind: 'typed', screen };
    given &&= !asked;
    if (given) return refused(screen, FIELD_CHANGED);

    report = { kind: 'asking', screen };
    const request = { type: 'fill.request', screen, maxLength: field.maxLength, text };
    const reply = await ask(request, fillReplySchema);
    if (reply?.kind === 'code') return finish(screen, field.input, reply.code);
    if (reply?.kind !== 'wait') return refused(screen, reply?.reason ?? 'vault');
    clearTimeout(timer);
    timer = setTimeout(run, reply.waitMs);
    return { kind: 'waiting', screen, until: Date.now() + reply.waitMs };
  }

  /** The page may have changed while the code came: it goes into the same field of the same screen or nowhere. */
  async function finish(screen: string, target: HTMLInputElement, code: string): Promise<FillReport> {
    const now = look();
    given = 'field' in now && now.screen === screen && now.field.input === target && !target.value;
    const filled = given && putCode(target, code);
    await tell({ type: 'fill.done', screen, outcome: filled ? 'filled' : FIELD_CHANGED });
    return filled ? { kind: 'filled', screen, at: Date.now() } : refused(screen, FIELD_CHANGED);
  }

  const read = () => (isWorthReading(document) ? readPage(document) : NOTHING);
  const look = () => recognise(read(), ANSER_SCREENS);

  return {
    run,
    /** The page changed by itself: read it again, unless its field is still there or that is due anyway. */
    changed(): void {
      if (!input?.isConnected) timer ??= setTimeout(run, SETTLE_MS);
    },
    /** What happened last; a field emptied since then can be filled again. */
    report: () =>
      report.kind === 'filled' && !input?.value ? refused(report.screen, FIELD_CHANGED) : report,
  };
}

const FIELD_CHANGED = 'field-changed';
const refused = (screen: string, reason: FillRefusal): FillReport => ({ kind: 'refused', screen, reason });
