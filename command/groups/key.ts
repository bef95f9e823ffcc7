import { type Command, Option } from 'commander';
import { readSettings } from '../../host/settings.ts';
import { asStaff, byOf, type StaffActOptions } from './staff-act.ts';

/** As `API_KEY_KINDS`, whose module would be loaded with every command. */
const KINDS = ['bank', 'staff'] as const;

interface IssueOptions extends StaffActOptions {
  readonly kind: (typeof KINDS)[number];
  readonly out?: string;
}

export function addKey(program: Command): void {
  const key = program
    .command('key')
    .description(
      'API keys of an institution: of its bank, and of its staff console. With PostgreSQL the service goes on meanwhile; with the built-in database, stop it first.',
    );

  asStaff(key.command('issue'))
    .description(
      'makes another key, in force at once, and hands it over this once; the database has its SHA-256',
    )
    .addOption(new Option('--kind <kind>', 'whose key').choices(KINDS).makeOptionMandatory())
    .option('--out <file>', 'a new file for it, of this user alone; to the standard output without')
    .addHelpText(
      'after',
      `
To change a key: issue another, give it to the bank or the staff console (WARIFU_API_KEY_<INSTITUTION> or
WARIFU_STAFF_KEY_<INSTITUTION>, or its file in the data folder) and restart that; then revoke the old one.

Example:
  npm run -s warifu -- key issue --institution senpoku --kind bank --actor ops01 --reason 'yearly change' \\
    --out /root/senpoku.key`,
    )
    .action(async (given: IssueOptions) => {
      const [{ keyIssue }, { writeLine }] = await Promise.all([
        import('../keys.ts'),
        import('../standard-output.ts'),
      ]);
      const { institution, kind, out } = given;
      const wanted = { institution, kind, out, by: byOf(given) };
      const id = await keyIssue(readSettings(process.env), wanted, writeLine);
      console.error(`warifu: key ${id} is in force`);
    });

  key
    .command('list')
    .description('each key by its id, with when it was made and revoked; never the key')
    .option('--institution <key>', 'of this institution only')
    .addHelpText('after', '\nExample:\n  npm run warifu -- key list --institution senpoku')
    .action(async ({ institution }: { readonly institution?: string }) => {
      const { keyList } = await import('../keys.ts');
      await keyList(readSettings(process.env), institution, console.log);
    });

  asStaff(key.command('revoke <id>'))
    .description('ends a key at once, on every node. Ends with 0 where it was in force, 1 where not.')
    .addHelpText(
      'after',
      `
Example:
  npm run warifu -- key revoke 3f2a90c1d4e5b678 --institution senpoku --actor ops01 --reason 'leaked'`,
    )
    .action(async (id: string, given: StaffActOptions) => {
      const { keyRevoke } = await import('../keys.ts');
      const wanted = { institution: given.institution, by: byOf(given) };
      process.exitCode = await keyRevoke(readSettings(process.env), id, wanted, console.log);
    });
}
