import { describe } from 'vitest';
import { useArena } from './arena.ts';
import { pagesOfTheWorld } from './cases.ts';
import { screensThatComeUpUnseen } from './noticed.ts';
import { pagesThatChangeMeanwhile } from './passing.ts';
import { neighboursWithScripts } from './scripted-neighbours.ts';
import { filledValues } from './values.ts';

/** Pages that are filled as they should be, and what becomes of the value. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  const onArena = useArena(kind);

  describe('pages of the world', () => pagesOfTheWorld(onArena));
  describe('neighbours with scripts of their own', () => neighboursWithScripts(onArena, kind));
  describe('a page that changes while its code comes', () => pagesThatChangeMeanwhile(onArena));
  describe('a screen that comes up unseen', () => screensThatComeUpUnseen(onArena));
  describe('a filled value', () => filledValues(onArena));
});
