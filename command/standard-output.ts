import { EXIT } from './exit.ts';
import { cannotWrite } from './new-file.ts';

const cannotSay = (error: unknown) => cannotWrite('the standard output', error);

/**
 * Sees that a command does not end well where what it said did not arrive, as on a full disk or in a pipe that nobody reads any
 * more; nor by the exit code of something bad, as Node would end it.
 */
export function watchOutput(): void {
  let failure: Error | undefined;
  process.stdout.on('error', (error) => {
    failure = error;
  });
  // What is said there is beside the matter.
  process.stderr.on('error', () => {});
  process.on('exit', (code) => {
    if (failure === undefined || code !== EXIT.good) return;
    process.stderr.write(`warifu: ${cannotSay(failure).message}\n`);
    process.exitCode = EXIT.cannotTell;
  });
}

/** Hands a line over, and comes back once it has been written. @throws CannotTellError where it cannot be */
export function writeLine(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(cannotSay(error)) : resolve()));
  });
}
