import { recognise, recogniseScreen, UNKNOWN, unrecognised } from '../../core/autofill/recognise.ts';
import { type FillRefusal, type FillReport, fillReplySchema } from '../../core/messages/fill.ts';
import { number } from '../../core/messages/shape.ts';
import { ask, tell } from '../../platform/messaging/page.ts';
import { isInWindow, putCode, saysMethod, valueIn } from './field.ts';
import {
  type InputFacts,
  isTranslated,
  isWorthReading,
  type Reading,
  readPage,
  visibleText,
} from './read-page.ts';
import { SCREENS } from './screens.ts';

/** How long after a change a page is read again, in milliseconds; and where its field is still there. */
export const SETTLE_MS = 200;
const RESTLESS_MS = 2_000;

/** A page that goes on changing its transfer is told of this often at most. */
const MOST_TOLD = 10;

/** The most text sent of a page, in UTF-16 units: all of a transfer, of other screens what stands at the top. */
const MOST_TEXT = 8_000;
const MOST_BANNER = 1_000;

/** Within this time pages empty a field that they did not expect to be filled, in milliseconds. */
const EMPTIED_MS = 700;

/** What is read of a page that cannot be told yet. */
const NOTHING: Reading = { idText: '', headings: [], fields: [] };

/**
 * Recognises the screen, asks for a code and puts it in. Keeps what happened, never the code.
 * @param follow called ahead of each reading
 */
export function createPageFiller(document: Document, follow: () => void) {
  let report: FillReport = UNKNOWN;
  let inputs: readonly HTMLInputElement[] = [];
  /** The screen that {@link report} is about, and the transfer on it. */
  let answered = '';
  /** What the background was last told of the transfer this document shows, and how often it was told. */
  let told = '';
  let times = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  /** Whether what this script finds may be from before it was there. */
  let recalls = true;
  let last = Promise.resolve();
  /** Whether the page has been the same since it was read. */
  let untouched = false;
  let lastReading = NOTHING;

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
    // Nobody looks at it yet: nothing is asked, measured or spent.
    if (isHidden(document)) return report;
    if (report === UNKNOWN) void tell({ type: 'fill.prepare' });
    follow();
    const before = inputs;
    inputs = [];
    const facts = readAll();
    const seen = recognise(facts, SCREENS);
    const rule = recogniseScreen(facts, SCREENS);
    if (!('field' in seen)) followAnimations();
    // What was done stays said: the page may have been translated, or gone on, with the code in it.
    if (report.kind === 'filled' && !('field' in seen) && isHeld(before)) {
      inputs = before;
      return report;
    }
    if ('reason' in rule) return isTranslated(document) ? unrecognised(rule.reason, 'translated') : rule;
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
    const fields = fieldsOf(seen);
    const all = inputsOf(fields);
    // One to scroll to is a rival to others, and is filled once it can be seen.
    if (!all.every(isInWindow)) return unrecognised('field', 'outside');
    inputs = all;
    const same = `${screen} ${told}` === answered && isSame(inputs, before);
    answered = `${screen} ${told}`;
    if (valueIn(inputs)) return same && report.kind === 'filled' ? report : full(screen);
    if (same && !asked && isStill(report)) return report;

    recalls = false;
    report = { kind: 'asking', screen };
    const { maxLength, boxes } = field;
    const askFirst = all.every(saysMethod) ? undefined : FORM_METHOD;
    const request = { type: 'fill.request', screen, maxLength, boxes, askFirst, text };
    const reply = await ask(request, fillReplySchema);
    if (reply?.kind === 'code') return finish(screen, fields, [reply.code, ...(reply.beside ?? [])]);
    return reply?.kind === 'wait'
      ? { kind: 'waiting', screen, until: Date.now() + reply.waitMs }
      : refused(screen, reply?.reason ?? 'vault');
  }

  /** A script that finds a field full may be a new one in an old page: the background knows who filled it. */
  async function full(screen: string): Promise<FillReport> {
    if (recalls) report = { kind: 'asking', screen };
    const at = recalls && (await ask({ type: 'fill.recall', screen }, number));
    recalls = false;
    return at ? { kind: 'filled', screen, at } : { kind: 'typed', screen };
  }

  /** The page may have changed while the codes came: they go into the same fields of the same screen or nowhere. */
  async function finish(
    screen: string,
    targets: readonly InputFacts[],
    values: readonly string[],
  ): Promise<FillReport> {
    const filled = put(screen, targets, values);
    await tell({ type: 'fill.done', screen, outcome: filled ? 'filled' : FIELD_CHANGED });
    if (!filled) return refused(screen, FIELD_CHANGED);
    putBack(screen, targets, values);
    return { kind: 'filled', screen, at: Date.now() };
  }

  /** All or none: a field that does not take its value has the others emptied. */
  function put(screen: string, targets: readonly InputFacts[], values: readonly string[]): boolean {
    const now = recognise(readAgain(), SCREENS);
    const target = inputsOf(targets);
    const isThere =
      'field' in now && now.screen === screen && isSame(inputsOf(fieldsOf(now)), target) && !valueIn(target);
    const isPut = isThere && targets.every((field, at) => putValue(field, values[at] ?? ''));
    if (isThere && !isPut && targets.length > 1) for (const input of target) input.value = '';
    return isPut;
  }

  /** Pages that start late empty their fields: what this document was given already is put back, once. */
  function putBack(screen: string, targets: readonly InputFacts[], values: readonly string[]): void {
    const typing = new AbortController();
    const byHand = ({ isTrusted }: Event) => isTrusted && typing.abort();
    for (const input of inputsOf(targets)) input.addEventListener('input', byHand, typing);
    setTimeout(() => {
      const isEmptied = !typing.signal.aborted && report.kind === 'filled' && !valueIn(inputsOf(targets));
      typing.abort();
      if (isEmptied && put(screen, targets, values))
        report = { kind: 'filled', screen, at: Date.now(), again: 'emptied' };
    }, EMPTIED_MS);
  }

  /** What is being moved into view is read once it is there. */
  function followAnimations(): void {
    for (const { finished } of moving()) void finished.then(() => schedule(SETTLE_MS)).catch(() => undefined);
  }

  const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running');

  function readAll(): Reading {
    lastReading = isWorthReading(document) ? readPage(document) : NOTHING;
    untouched = true;
    return lastReading;
  }

  /** What is drawn takes longest to read: it is the same where nothing moved. */
  const readAgain = () =>
    untouched && moving().length === 0 ? readPage(document, lastReading.scene) : readAll();

  return {
    run,
    /** The page was left and is shown again: it tells of itself again, as a new one does. */
    returned(): Promise<void> {
      told = '';
      return run();
    },
    /** The page changed by itself: read it again soon, or by and by where its field is still there. */
    changed(event?: Event): void {
      // That the document itself has come moves nothing.
      if (!(event?.target === document && /^(load|pageshow)$/.test(event.type))) untouched = false;
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

/** A page can name something after what is asked of its document, but not after the prototype's. */
const isHidden = (document: Document) =>
  Reflect.get(Document.prototype, 'visibilityState', document) !== 'visible';

/** Whether fields are still there with something in them. */
const isHeld = (inputs: readonly HTMLInputElement[]) =>
  inputs.length > 0 && inputs.every(({ isConnected }) => isConnected) && valueIn(inputs) !== '';

/** The screen's field, and those beside it. */
const fieldsOf = ({ field, beside = [] }: { field: InputFacts; beside?: readonly InputFacts[] }) => [
  field,
  ...beside,
];

const inputsOf = (fields: readonly InputFacts[]) => fields.flatMap((field) => field.inputs);

/** What there is no value for is left alone. */
const putValue = ({ inputs, sizes }: InputFacts, value: string) => !value || putCode(inputs, value, sizes);

const FIELD_CHANGED = 'field-changed';
const FORM_METHOD = 'form-method';
const refused = (screen: string, reason: FillRefusal): FillReport => ({ kind: 'refused', screen, reason });
