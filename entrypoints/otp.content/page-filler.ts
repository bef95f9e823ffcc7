import { recognise } from '../../core/autofill/recognise.ts';
import { ANSER_SCREENS } from '../../core/autofill/screens.ts';
import { type FillReport, fillReplySchema } from '../../core/messages/fill.ts';
import { ask, tell } from '../../platform/messaging/page.ts';
import { setCode } from './field.ts';
import { readPage } from './read-page.ts';

/** How long a page must keep still before it is read again, in milliseconds. */
const SETTLE_MS = 150;

/** Recognises the screen, asks for a code and puts it in. Keeps what happened, never the code. */
export function createPageFiller(document: Document) {
  let report: FillReport = { kind: 'unrecognised', reason: 'screen' };
  let field: HTMLInputElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    clearTimeout(timer);
    const { facts, inputs } = readPage(document);
    const recognition = recognise(facts, ANSER_SCREENS);
    if (recognition.kind === 'unrecognised') {
      field = undefined;
      report = recognition;
      return;
    }
    const { screen, maxLength } = recognition;
    const target = inputs[recognition.field];
    if (target === undefined) return;
    field = target;
    if (target.value !== '') {
      if (report.kind !== 'filled') report = { kind: 'typed', screen };
      return;
    }
    report = { kind: 'asking', screen };
    const reply = await ask({ type: 'fill.request', screen, maxLength }, fillReplySchema);
    if (reply?.kind === 'code') finish(screen, target, reply.code);
    else if (reply?.kind === 'wait') waitFor(screen, reply.waitMs);
    else report = { kind: 'refused', screen, reason: reply?.reason ?? 'vault' };
  }

  function finish(screen: string, target: HTMLInputElement, code: string): void {
    // The page may have changed while the code was on its way: it goes into the same field of the same screen or nowhere.
    const { facts, inputs } = readPage(document);
    const again = recognise(facts, ANSER_SCREENS);
    const same = again.kind === 'recognised' && again.screen === screen && inputs[again.field] === target;
    const filled = same && setCode(target, code);
    report = filled
      ? { kind: 'filled', screen, at: Date.now() }
      : { kind: 'refused', screen, reason: 'field-changed' };
    void tell({ type: 'fill.done', screen, outcome: filled ? 'filled' : 'field-changed' });
  }

  function waitFor(screen: string, waitMs: number): void {
    report = { kind: 'waiting', screen, until: Date.now() + waitMs };
    timer = setTimeout(run, waitMs);
  }

  /** The page changed by itself: read it again once it keeps still, unless its field is still the one dealt with. */
  function changed(): void {
    if (field?.isConnected) return;
    clearTimeout(timer);
    timer = setTimeout(run, SETTLE_MS);
  }

  return { run, changed, report: () => report };
}
