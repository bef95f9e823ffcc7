import type { Command } from 'commander';
import { readSettings, type Settings } from '../../host/settings.ts';
import type { Exit } from '../exit.ts';
import { FINISH_AFTER_DAYS, SWITCH_AFTER_DAYS } from '../signing-key-days.ts';

interface StepOptions {
  readonly force?: boolean;
}

type Step = (
  settings: Settings,
  given: { readonly force: boolean; readonly now: Date },
  print: (line: string) => void,
) => Promise<Exit>;

export function addSigningKey(program: Command): void {
  const rotate = program
    .command('signing-key')
    .description('the key by which tokens and banks know what the token service signs')
    .command('rotate')
    .description(
      'changes it in three steps, in the files of the data folder. A step that was broken off is run again. Ends with 0 where it is done, 1 where it is too early.',
    )
    .addHelpText(
      'after',
      `
  1. signing-key rotate prepare   then restart every node, and distribute builds: they pin both keys
  2. signing-key rotate switch    ${SWITCH_AFTER_DAYS} days later; then restart every node, and distribute builds: they pin the new key
  3. signing-key rotate finish    ${FINISH_AFTER_DAYS} days later; then restart every node

Builds that pin the old key alone go on until step 3: messages carry what the old key said of the new one. Several data
folders get the same files after each step: signing-key*. Of keys in the environment, do the steps in an empty folder with
the present key as signing-key.json, and set WARIFU_SIGNING_KEY_NEXT to signing-key-next.json after step 1, and after step 2
WARIFU_SIGNING_KEY to signing-key.json and WARIFU_SIGNING_KEY_ENDORSEMENT to signing-key-endorsement.jwt until step 3.

After a leak of the old key none of this helps: whoever has it can endorse a key too. Then put another key in its place, and
distribute builds at once.`,
    );

  rotate
    .command('prepare')
    .description('makes the next key, which nothing is signed with yet')
    .action(async () => {
      const { prepareSigningKey } = await import('../signing-key-rotate.ts');
      process.exitCode = await prepareSigningKey(readSettings(process.env), console.log);
    });

  addStep(
    rotate,
    'switch',
    'puts the next key in the place of the present one, which endorses it',
    async () => (await import('../signing-key-rotate.ts')).switchSigningKey,
  );
  addStep(
    rotate,
    'finish',
    'takes the previous key and what it endorsed away',
    async () => (await import('../signing-key-rotate.ts')).finishSigningKey,
  );
}

function addStep(rotate: Command, name: string, description: string, load: () => Promise<Step>): void {
  rotate
    .command(name)
    .description(description)
    .option('--force', 'before its days are over')
    .action(async ({ force = false }: StepOptions) => {
      const step = await load();
      const given = { force, now: new Date() };
      process.exitCode = await step(readSettings(process.env), given, console.log);
    });
}
