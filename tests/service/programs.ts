import { programsFolder } from '../../programs.ts';

/** Bundles the programs before the tests that start them: Vitest calls this by its name. */
export function setup(): void {
  programsFolder();
}
