import { parseHTML } from 'linkedom';
import { type ComponentChild, h, render } from 'preact';
import { TextContext, type Texts } from '../../../components/text.ts';
import { text } from './texts.ts';

/** What was focused since something was drawn, in order. The document here knows no focus. */
export const focused: Element[] = [];

let before: HTMLElement | undefined;

/** Draws a view into a document of its own, with Japanese texts, and ends the one drawn before. @returns what is drawn */
export function draw(view: ComponentChild, texts: Texts = text): HTMLElement {
  const { document, HTMLElement } = parseHTML('<!doctype html><html><body><main></main></body></html>');
  globalThis.document = document;
  focused.length = 0;
  HTMLElement.prototype.focus = function () {
    focused.push(this);
  };
  const main = document.querySelector('main');
  if (main === null) throw new Error('the document has a main');
  if (before) render(null, before);
  before = main;
  render(h(TextContext.Provider, { value: texts }, view), main);
  return main;
}

/** Dispatches an event that bubbles, made by the element's own document. */
export function send(to: Element | null | undefined, name: string): void {
  const event = to?.ownerDocument.createEvent('Event');
  if (event === undefined) return;
  event.initEvent(name, true, true);
  to?.dispatchEvent(event);
}

/** The items of a description list, each as its name and value. */
export const itemsIn = (drawn: HTMLElement): string[][] =>
  [...drawn.querySelectorAll('dl > div')].map((item) =>
    ['dt', 'dd'].map((part) => item.querySelector(part)?.textContent ?? ''),
  );
