import type { Check } from '../../core/autofill/checks.ts';
import { recognise, recogniseScreen } from '../../core/autofill/recognise.ts';
import type { ScreenRule } from '../../core/autofill/screens.ts';
import { steady } from '../../core/autofill/text.ts';
import { UNKNOWN, unrecognised } from '../../core/autofill/unrecognised.ts';
import { type FillRefusal, type FillReport, fillReplySchema } from '../../core/messages/fill.ts';
import { number } from '../../core/messages/shape.ts';
import { signReplySchema } from '../../core/messages/sign.ts';
import { ask, tell } from '../../platform/messaging/page.ts';
import type { Filler, Follow } from '../watch.content/handover.ts';
import { isHidden, isTranslated, isWorthReading, type Root, SETTLE_MS } from '../watch.content/page.ts';
import { emptyField, isInWindow, putCode, saysMethod, valueIn } from './field.ts';
import { type InputFacts, type Reading, readPage, visibleText } from './read-page.ts';
import { PAGE_SCREENS } from './screens.ts';
import { treesOf } from './trees.ts';
import { forgetEffects } from './visible.ts';

/** Milliseconds after a change until a page is read again whose field is still there. */
const RESTLESS_MS = 2_000;

/** Most reports about one document's changing transfer. */
const MOST_TOLD = 10;

/** Most UTF-16 units of a page's text that are sent: a whole transfer, or what is above the heading of other screens. */
const MOST_TEXT = 8_000;
const MOST_BANNER = 1_000;

/** Milliseconds after the filling within which some pages empty the field while they start. */
const EMPTIED_MS = 700;

/** A field that a check refuses for longer is told of, in milliseconds: pages are covered and faint while they load. */
const REFUSED_MS = 2_000;

/** Milliseconds for which the reading of an unchanged page counts, as nothing tells of its rules of style. */
const FRESH_MS = 1_000;

/** Most milliseconds between two readings of a page that is not filled. */
const RAREST_MS = 32_000;

/** The result of reading a page that cannot be recognised yet. */
const NOTHING: Reading = { idText: '', headings: [], fields: [] };

/** Where a code goes: the fields of a screen, the trees they stand in, and the page's text as it was asked. */
interface Target {
  readonly screen: string;
  readonly fields: readonly InputFacts[];
  readonly roots: readonly Node[];
  readonly text: string;
}

interface PageFiller extends Filler<FillReport> {
  /** The page came back from the back/forward cache. */
  returned(): Promise<void>;
}

/**
 * Recognises the screen, asks for a code and puts it in. It remembers what happened, but never the code.
 * @param follow called before each reading
 */
export function createPageFiller(document: Document, follow: Follow): PageFiller {
  let report: FillReport = UNKNOWN;
  let inputs: readonly HTMLInputElement[] = [];
  /** The screen of the report, and the transfer on it. */
  let answered = '';
  /** What the page asked to sign last, and what came of it. */
  let signing: { readonly what: string; readonly came: FillReport } | undefined;
  /** The last report to the background about this document's transfer, and the number of reports. */
  let told = '';
  let times = 0;
  /** The checks, of which screens, that the background was told of or will be. */
  const checked = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  /** Whether the page may have been filled before this script was injected. */
  let recalls = true;
  let last = Promise.resolve();
  /** Whether the page has shown no screen since it was filled. */
  let hasLeft = false;
  /** The document and its shadow trees, when it was read last. */
  let trees: readonly Root[] = [document];
  /** Milliseconds until a page that is not filled is read again. */
  let patience = REFUSED_MS;
  /** Whether the page is unchanged since it was read, and when that was. */
  let untouched = false;
  let readAt = 0;

  /**
   * Fills the page after earlier runs have ended. Never rejects.
   * @param asked whether to ask again even if the same was answered before
   */
  function run(asked = false): Promise<void> {
    last = last
      .then(() => attempt(asked))
      .catch(() => UNKNOWN)
      .then((outcome) => {
        report = outcome;
        hasLeft ||= outcome.kind === 'unrecognised';
        // One that is not visible is read when it is.
        if (isHidden(document)) return;
        if (outcome.kind === 'waiting') schedule(outcome.until - Date.now());
        if (mayPass(outcome)) readAgain();
        else patience = REFUSED_MS;
      });
    return last;
  }

  /** Reads the page again after a time, unless it is read before. */
  function schedule(ms: number): void {
    const at = Date.now() + ms;
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(run, ms);
  }

  /**
   * No event tells that a refusal is over by another rule of style, a cleared surface, an animation of the page's script or a shadow
   * tree, nor of a box that a script checks or a field that it empties. It is looked for ever more rarely.
   */
  function readAgain(): void {
    schedule(patience);
    patience = Math.min(2 * patience, RAREST_MS);
  }

  async function attempt(asked: boolean): Promise<FillReport> {
    clearTimeout(timer);
    timer = undefined;
    trees = treesOf(document);
    follow(trees);
    // The page is not visible yet, so nothing is asked, measured or spent.
    if (isHidden(document)) return report;
    const before = inputs;
    inputs = [];
    const facts = readAll();
    const seen = recognise(facts, PAGE_SCREENS);
    const rule = recogniseScreen(facts, PAGE_SCREENS);
    if (!('field' in seen)) followAnimations();
    // The earlier report stays: the page may have been translated or have gone on with the code in it.
    if (report.kind === 'filled' && !('field' in seen) && isHeld(before)) {
      inputs = before;
      return report;
    }
    if ('reason' in rule) return isTranslated(document) ? unrecognised(rule.reason, 'translated') : rule;
    const text = textFor(rule);
    const content = rule.asks === 'confirmation' ? steady(text) : '';
    if (content && content !== told && times < MOST_TOLD) {
      told = content;
      times += 1;
      // Not awaited, as it is answered only after the service has been asked.
      void tell({ type: 'transfer.seen', screen: rule.id, text });
    }
    if (!('field' in seen)) {
      const { challenge, fields: typed, failed } = facts;
      if (challenge && rule.signs && !typed[0] && !failed?.field)
        return sign(rule.id, challenge, text, asked);
      if (seen.check) tellOfCheck(rule.id, seen.check, text, asked);
      return seen;
    }
    const { screen } = seen;
    const fields = fieldsOf(seen);
    const all = inputsOf(fields);
    // A field outside the window still counts as one of several, and is filled when it becomes visible.
    if (!all.every(isInWindow)) {
      tellOfCheck(screen, 'outside', text, asked);
      return unrecognised('field', 'outside');
    }
    inputs = all;
    const isHere = `${screen} ${told}` === answered;
    answered = `${screen} ${told}`;
    // The page may have drawn its form anew, with what is in it.
    if (valueIn(inputs)) return isHere && report.kind === 'filled' ? report : full(screen);
    if (isHere && isSame(inputs, before) && !asked && isStill(report)) return report;

    recalls = false;
    report = { kind: 'asking', screen };
    const [first, ...others] = fields.map(roomOf);
    const beside = others[0] && others;
    const askFirst = all.every(saysMethod) ? undefined : FORM_METHOD;
    const request = { type: 'fill.request', screen, ...first, beside, askFirst, text };
    const target = { screen, fields, roots: rootsIn(fields), text };
    let reply = await ask(request, fillReplySchema);
    while (reply?.kind === 'approval') {
      const { number, until } = reply;
      report = { kind: 'approving', screen, number, until };
      reply = await ask(request, fillReplySchema);
      if (reply?.kind === 'approval' && !stillStands(target) && !(await standsAgain(target))) {
        await tell({ type: 'fill.left' });
        return refused(screen, FIELD_CHANGED);
      }
    }
    if (reply?.kind === 'code') return finish(target, [reply.code, ...(reply.beside ?? [])]);
    return reply?.kind === 'wait'
      ? { kind: 'waiting', screen, until: Date.now() + reply.waitMs }
      : refused(screen, reply?.reason ?? 'vault');
  }

  /** Nothing goes into the page: the bank goes on by itself once its service has the signature. */
  async function sign(screen: string, challenge: string, text: string, asked: boolean): Promise<FillReport> {
    const what = `${screen} ${challenge}`;
    if (signing?.what === what && (signing.came.kind === 'signed' || !asked)) return signing.came;
    report = { kind: 'signing', screen };
    const reply = await ask({ type: 'sign.request', screen, challenge, text }, signReplySchema);
    const came: FillReport =
      reply?.kind === 'signed'
        ? { kind: 'signed', screen, number: reply.number }
        : { kind: 'unsigned', screen, reason: reply?.reason ?? 'vault' };
    signing = { what, came };
    return came;
  }

  /** Tells once in a document, and again where the customer asks, of a check that still refuses the screen's field after a while. */
  function tellOfCheck(screen: string, check: Check, text: string, asked: boolean): void {
    const what = `${screen} ${check}`;
    if (checked.has(what) && !asked) return;
    checked.add(what);
    // After the page was read once more.
    setTimeout(() => {
      const still = report.kind === 'unrecognised' && report.reason === 'field' && report.check === check;
      if (still) void tell({ type: 'fill.checked', screen, check, text });
      else checked.delete(what);
    }, REFUSED_MS + SETTLE_MS);
  }

  /** The field is full. This script may be a new one in an old page, so it asks the background who filled it. */
  async function full(screen: string): Promise<FillReport> {
    if (recalls) report = { kind: 'asking', screen };
    const at = recalls && (await ask({ type: 'fill.recall', screen }, number));
    recalls = false;
    return at ? { kind: 'filled', screen, at } : { kind: 'typed', screen };
  }

  /** The page may have changed while the codes came: they go into the same fields of the same screen or nowhere. */
  async function finish(target: Target, values: readonly string[]): Promise<FillReport> {
    const { screen, fields, text } = target;
    hasLeft = false;
    // Nothing is awaited between the look that finds it standing and the values.
    const stands = stillStands(target) || ((await standsAgain(target)) && stillStands(target));
    // Nothing was typed, so the page is asked about again when it changes.
    if (!stands) answered = '';
    const filled = stands && (put(target, values) || (await isWrittenBack(fields, values)));
    // From now on, not from when the background has noted it.
    if (filled) watchOver(target, values);
    await tell({ type: 'fill.done', screen, outcome: filled ? 'filled' : FIELD_CHANGED, text });
    return filled ? { kind: 'filled', screen, at: Date.now() } : refused(screen, FIELD_CHANGED);
  }

  /** Whether a target that stands otherwise does so again in a moment: a veil goes, or it slides into its place. */
  async function standsAgain({ screen, fields }: Target): Promise<boolean> {
    const isHere = () => inputsOf(fields).every(({ isConnected }) => isConnected);
    for (let ms = SETTLE_MS; ms < FRESH_MS && isHere(); ms *= 2) {
      await passed(ms);
      if (isThere(screen, fields, readAll())) return true;
    }
    return false;
  }

  /**
   * Into a target that stands. All or none: where one of several fields does not take its value, or no longer stands then, none of
   * them keeps its own.
   */
  function put({ screen, fields }: Target, values: readonly string[]): boolean {
    if (valueIn(inputsOf(fields))) return false;
    const isPut = fields.every((field, at) => putValue(field, values[at] ?? ''));
    if (fields.length === 1) return isPut;
    forgetEffects();
    const isWhole =
      isPut && isThere(screen, fields, readAll()) && fields.every((field, at) => isKept(field, values[at]));
    if (!isWhole) takeBack(fields, values);
    return isWhole;
  }

  /** Looks at the filled fields once more, for pages that start late. */
  function watchOver(target: Target, values: readonly string[]): void {
    const { screen, fields, text } = target;
    const typing = new AbortController();
    const byHand = ({ isTrusted }: Event) => isTrusted && typing.abort();
    for (const input of inputsOf(fields)) input.addEventListener('input', byHand, typing);
    const look = () => {
      const isByHand = typing.signal.aborted;
      typing.abort();
      if (isByHand) return;
      const isGone = inputsOf(fields).every(({ isConnected }) => !isConnected);
      const isFilled = report.kind === 'filled';
      const given = fields.filter((_field, at) => values[at]);
      const kept = fields.filter((field, at) => values[at] && isKept(field, values[at]));
      if (isGone ? !hasLeft : isFilled && !valueIn(inputsOf(fields))) {
        // The same values, once.
        const now = isGone ? drawnAnew(target) : target;
        if (!now || !stillStands(now) || !put(now, values)) return;
        inputs = inputsOf(now.fields);
        report = { kind: 'filled', screen, at: Date.now(), again: 'emptied' };
      } else if (kept.length > 0 && kept.length < given.length) {
        takeBack(fields, values);
        if (isFilled) report = refused(screen, FIELD_CHANGED);
        void tell({ type: 'fill.done', screen, outcome: FIELD_CHANGED, text });
      }
    };
    setTimeout(() => {
      last = last.then(look).catch(() => undefined);
    }, EMPTIED_MS);
  }

  /** A target in the form that the page has drawn in place of its own, where all else is as it was. */
  function drawnAnew(target: Target): Target | undefined {
    if (isHidden(document)) return undefined;
    const facts = readAll();
    const now = recognise(facts, PAGE_SCREENS);
    const rule = recogniseScreen(facts, PAGE_SCREENS);
    if (!('field' in now) || 'reason' in rule || now.screen !== target.screen) return undefined;
    const fields = fieldsOf(now);
    const isAlike =
      isSame(rootsIn(fields), target.roots) &&
      isSame(fields.map(formOf), target.fields.map(formOf)) &&
      steady(textFor(rule)) === steady(target.text);
    return isAlike ? { ...target, fields } : undefined;
  }

  /** The page's text for the request: a whole transfer, or what is above the heading. */
  const textFor = ({ asks, headings }: ScreenRule) =>
    asks === 'confirmation' ? visibleText(document, MOST_TEXT) : visibleText(document, MOST_BANNER, headings);

  /** Reads a field again that is being scrolled into view. */
  function followAnimations(): void {
    for (const { finished } of moving()) void finished.then(() => schedule(SETTLE_MS)).catch(() => undefined);
  }

  const moving = () =>
    trees.flatMap((tree) => tree.getAnimations()).filter(({ playState }) => playState === 'running');

  function readAll(): Reading {
    untouched = true;
    readAt = Date.now();
    return isWorthReading(document) ? readPage(document) : NOTHING;
  }

  /** Whether a target still stands on its screen. Where the page is unchanged, only its fields themselves are looked at. */
  const stillStands = ({ screen, fields }: Target) =>
    untouched && Date.now() - readAt < FRESH_MS && moving().length === 0
      ? fields.every(({ inputs, recheck }) => !recheck() && inputs.every(isInWindow))
      : isThere(screen, fields, readAll());

  return {
    run,
    /** The page is shown again after it was left, so it reports itself again like a new one. */
    returned(): Promise<void> {
      told = '';
      if (signing?.came.kind !== 'signed') signing = undefined;
      return run();
    },
    /** The page changed: reads it again soon, or later if its field is still there. */
    changed(event?: Event): void {
      // The arrival of the document itself moves nothing.
      if (!(event?.target === document && /^(load|pageshow)$/.test(event.type))) untouched = false;
      const there = inputs[0] && inputs.every((input) => input.isConnected);
      schedule(there ? RESTLESS_MS : SETTLE_MS);
    },
    /** Updates the report: a field that was emptied since can be filled again. */
    report: () =>
      report.kind === 'filled' && !valueIn(inputs) ? refused(report.screen, FIELD_CHANGED) : report,
  };
}

/** Whether what keeps a page from being filled may be over without an event: no screen is seen, or its field is full or has changed. */
const mayPass = (report: FillReport) =>
  /^(unrecognised|typed)$/.test(report.kind) ||
  (report.kind === 'refused' && report.reason === FIELD_CHANGED);

/** Whether asking would give the same answer: a refusal, or the next code is not due yet. */
const isStill = (report: FillReport) =>
  report.kind === 'refused' ||
  report.kind === 'filled' ||
  (report.kind === 'waiting' && Date.now() < report.until);

const isSame = (some: readonly unknown[], others: readonly unknown[]) =>
  some.length === others.length && some.every((one, at) => one === others[at]);

/** Whether the fields still exist and contain something. */
const isHeld = (inputs: readonly HTMLInputElement[]) =>
  inputs.length > 0 && inputs.every(({ isConnected }) => isConnected) && valueIn(inputs) !== '';

/** The screen's field, and those beside it. */
const fieldsOf = ({ field, beside = [] }: { field: InputFacts; beside?: readonly InputFacts[] }) => [
  field,
  ...beside,
];

const roomOf = ({ maxLength, boxes }: InputFacts) => ({ maxLength, boxes });

const inputsOf = (fields: readonly InputFacts[]) => fields.flatMap((field) => field.inputs);

const rootsIn = (fields: readonly InputFacts[]) => inputsOf(fields).map((input) => input.getRootNode());

/** What was asked for a field's sake: how much goes into it, and whether its form says its method. */
const formOf = ({ inputs, maxLength, boxes }: InputFacts) =>
  [inputs.length, maxLength, boxes, inputs.every(saysMethod)].join();

/** Whether a page, as it was read, has these very fields on this screen, all of them where they were looked at. */
function isThere(screen: string, targets: readonly InputFacts[], reading: Reading): boolean {
  const now = recognise(reading, PAGE_SCREENS);
  const inputs = inputsOf(targets);
  return (
    'field' in now &&
    now.screen === screen &&
    isSame(inputsOf(fieldsOf(now)), inputs) &&
    inputs.every(isInWindow)
  );
}

/** Whether a field is still in the page and has what was put there. */
const isKept = ({ inputs }: InputFacts, value: string | undefined) =>
  !value || (inputs.every(({ isConnected }) => isConnected) && valueIn(inputs) === value);

const takeBack = (targets: readonly InputFacts[], values: readonly string[]) => {
  for (const [at, { inputs }] of targets.entries()) if (values[at]) inputs.forEach(emptyField);
};

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a page that empties a field when it is told of typing writes the value into it a moment later, as its own state is. */
async function isWrittenBack(fields: readonly InputFacts[], values: readonly string[]): Promise<boolean> {
  await passed(SETTLE_MS);
  return fields.every((field, at) => isKept(field, values[at]));
}

/** What there is no value for is left alone. */
const putValue = ({ inputs, sizes }: InputFacts, value: string) => !value || putCode(inputs, value, sizes);

const FIELD_CHANGED = 'field-changed';
const FORM_METHOD = 'form-method';
const refused = (screen: string, reason: FillRefusal): FillReport => ({ kind: 'refused', screen, reason });
