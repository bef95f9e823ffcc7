import { type Command, Option } from 'commander';
import { readSettings } from '../../host/settings.ts';
import type { BackupArguments } from '../backup.ts';
import { PART_KEYS } from '../part.ts';
import type { RestoreArguments } from '../restore.ts';

const part = () => new Option('--part <part>', 'the database of this part only').choices(PART_KEYS);

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description(
      'copies the databases of token service and bank into a new folder, with what each held at that moment',
    )
    .requiredOption('--out <folder>', 'a new folder, of this user alone')
    .addOption(part())
    .option('--keys', 'with the key files of the data folder: whoever has the backup then has every secret')
    .addHelpText(
      'after',
      `
PostgreSQL is dumped by pg_dump, which must be of its version or later, while the parts go on. The built-in database is
copied, and its part has to be stopped. The keys are NOT in the backup unless --keys is given, and those that the environment
gives never are: keep them elsewhere, as without the master key every token is lost.

Codes spent after the backup are not spent in it. Before a service starts on a restored one, let the last code that was
spent grow too old to be taken: after the old service stopped, twice windowSteps and twice driftSteps of the policy and one
step more, and with hardware tokens twice hardwareDriftSteps instead. Of hardware tokens that count by a button no code grows
old: replace those that were used since.

Example:
  npm run warifu -- backup --out /var/backups/warifu/$(date +%F)`,
    )
    .action(async (given: BackupArguments) => {
      const { backup } = await import('../backup.ts');
      await backup(readSettings(process.env), given, console.log);
    });

  program
    .command('restore <folder>')
    .description(
      'puts a backup into the data folder or the databases that the environment names, which must be empty, and checks it there. Ends with 0 where it is whole, 1 where something differs, 2 where it cannot be put or looked at there.',
    )
    .addOption(part())
    .option(
      '--check',
      'put nothing there; compare what is there: key, chains of the audit, rows of each table, spent steps. Before a part is started with it, as then they differ',
    )
    .addHelpText(
      'after',
      `
Keys that the backup does not hold must be there first.

Examples:
  WARIFU_DATA=/srv/warifu-2 npm run warifu -- restore /var/backups/warifu/2026-04-01
  createdb warifu2 && DATABASE_URL=postgres://warifu@db/warifu2 \\
    npm run warifu -- restore /var/backups/warifu/2026-04-01 --part service`,
    )
    .action(async (folder: string, given: RestoreArguments) => {
      const { restore } = await import('../restore.ts');
      process.exitCode = await restore(readSettings(process.env), folder, given, console.log);
    });
}
