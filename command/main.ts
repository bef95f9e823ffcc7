import { CommanderError } from 'commander';
import { messageOf } from './errors.ts';
import { EXIT } from './exit.ts';
import { createProgram } from './program.ts';
import { watchOutput } from './standard-output.ts';

/**
 * `npm run warifu -- …`: commands for operators and auditors. They read the same settings as the parts. Each loads its own code
 * alone: a database's takes more memory than an import has.
 */

watchOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  // The library has printed what is wrong with the arguments.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.good : EXIT.cannotTell;
  else {
    console.error(`warifu: ${messageOf(error)}`);
    process.exitCode = EXIT.cannotTell;
  }
}
