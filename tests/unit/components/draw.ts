import { parseHTML } from 'linkedom';
import { type ComponentChild, h, render } from 'preact';
import { TextContext, type Texts } from '../../../components/text.ts';
import { text } from './texts.ts';

/** Draws a view into a document of its own, with Japanese texts. @returns what is drawn */
export function draw(view: ComponentChild, texts: Texts = text): HTMLElement {
  const { document } = parseHTML('<!doctype html><html><body><main></main></body></html>');
  globalThis.document = document;
  const main = document.querySelector('main');
  if (main === null) throw new Error('the document has a main');
  render(h(TextContext.Provider, { value: texts }, view), main);
  return main;
}

/** The items of a description list, each as its name and value. */
export const itemsIn = (drawn: HTMLElement): string[][] =>
  [...drawn.querySelectorAll('dl > div')].map((item) =>
    ['dt', 'dd'].map((part) => item.querySelector(part)?.textContent ?? ''),
  );
