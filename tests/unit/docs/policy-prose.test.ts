import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** ARCHITECTURE.md, THREATS.md, TRANSFERS.md and the ADRs name numbers of the policy by their names: an institution may have set others. */

const DOCS = resolve(import.meta.dirname, '../../../docs');

const pages = [
  'ARCHITECTURE.md',
  'THREATS.md',
  'TRANSFERS.md',
  ...readdirSync(join(DOCS, 'adr')).map((file) => join('adr', file)),
] as const;

/** Numbers that no policy sets: of standards, of the guides, of the token and of the machinery. */
const NO_POLICY = [
  'tried ten times',
  'the tenth wrong one wipes',
  'Ten wrong tries wipe the vault',
  'live 10 minutes at most',
  '5 minutes idle at the bank',
  'live 30 seconds at most',
  'can set 30 seconds',
  'measured again after 5 minutes',
  'at most 5 minutes ahead',
  '15 seconds to arrive',
  'The last 16 steps',
  'for 15 minutes, even after',
  'every round looks for them for ten minutes',
  'Ten minutes after an hour has ended',
  'more than ten minutes after its time',
  'five wrong 利用開始パスワード by anybody used to',
  'a tenth of a second',
  'occurred in 90 days',
  'may cost only a tenth',
  'Two codes of one token',
  'even with two codes',
  'Two codes in a row',
  'two minutes on one core',
  'A hash for each position: ten tries',
  "the hours the last two days'",
  'it has failed for two seconds',
  'stays closed, for two days',
  'body limit, UTF-8, then the API key',
  'time out after 5 seconds',
  'wait for 2.5 seconds are refused',
  'within 0.7 seconds gets',
  'waited at for 20 seconds',
  'at most every two seconds while',
  'the last 16 steps claimed',
  'until it is reported; two days at most',
  'store after seven days without a visit',
  'not deleted after seven days',
  'explains the clock for 5 minutes of device time; 10 seconds off',
  'could not be delivered for three days',
  'Every five seconds it ends',
  'Headers have 10 seconds',
  'kept idle for 75 seconds',
  'waits 0.2 seconds for a lock',
];

const NUMBER = String.raw`\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty`;
const COUNTED =
  'seconds?|minutes?|hours?|days?|months?|years?|times|steps|wrong|codes|tries|guesses|questions|mails|passwords|logins';

/** Numbers of times, and of how often, in a text: `ten wrong codes`, `30 minutes`, `the twentieth`. */
const numbersIn = (text: string) =>
  [
    ...text.matchAll(
      new RegExp(
        String.raw`\b(?:(?:${NUMBER}) (?:[a-z]+ )?(?:${COUNTED})|(?:${NUMBER})(?:, then| and then)|(?:one|once) an? (?:second|minute|hour) after|tenth|eleventh|twentieth)\b`,
        'gi',
      ),
    ),
  ].map(([found]) => found);

/** A page without the names of tests, code, and what no policy sets, each paragraph in one line. */
function prose(page: string): string {
  const text = readFileSync(join(DOCS, page), 'utf8')
    .replace(/› \*[^*]+\*/g, '')
    .replace(/`[^`]*`|"[^"]*"/g, '')
    .replace(/\s+/g, ' ');
  return NO_POLICY.reduce((rest, phrase) => rest.replaceAll(phrase, ''), text);
}

describe('no number of a policy stands in the prose of', () => {
  test('numbers are found in words and digits', () => {
    const written =
      'ten wrong codes lock, for 30 minutes; five, then one a minute after; the twentieth ends it';
    expect(numbersIn(written)).toEqual([
      'ten wrong codes',
      '30 minutes',
      'five, then',
      'one a minute after',
      'twentieth',
    ]);
  });

  test.each(pages)('%s', (page) => {
    expect(numbersIn(prose(page))).toEqual([]);
  });

  test('what is let pass is there', () => {
    const all = pages.map((page) => readFileSync(join(DOCS, page), 'utf8').replace(/\s+/g, ' ')).join(' ');
    for (const phrase of NO_POLICY) expect(all).toContain(phrase);
  });
});
