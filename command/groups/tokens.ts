import { type Command, Option } from 'commander';
import { readSettings } from '../../host/settings.ts';
import type { SecretOptions } from '../token-secret.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../tokens-format.ts';
import { asStaff, byOf, type StaffActOptions } from './staff-act.ts';

/** What both need. */
const ofTokens = (command: Command) =>
  asStaff(command)
    .option(
      '--password-file <file>',
      'the password of the file, in the first line of this one; - for the standard input',
    )
    .option('--key-file <file>', 'the key of the file, in hexadecimal digits; - for the standard input');

type TokensOptions = StaffActOptions & SecretOptions;

interface TokensExportOptions extends TokensOptions {
  readonly format: ExportFormat;
  readonly clear?: boolean;
  readonly out: string;
}

export function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('hardware tokens');

  ofTokens(tokens.command('import <file>'))
    .description(
      'imports a PSKC or CSV file by the running token service, or goes on with it. Ends with 0 where all of it is there, 1 where rows of it were not taken, 2 where the file was refused whole or it was broken off.',
    )
    .option('--report <file>', 'a new file for the rows that were not taken')
    .action(async (file: string, given: TokensOptions & { readonly report?: string }) => {
      const { institution, report } = given;
      const [{ readSecret }, { tokensImport }] = await Promise.all([
        import('../token-secret.ts'),
        import('../tokens-import.ts'),
      ]);
      const wanted = { institution, report, by: byOf(given), secret: readSecret(given) };
      process.exitCode = await tokensImport(readSettings(process.env), file, wanted, console.log);
    });

  asStaff(tokens.command('void <serials...>'))
    .description(
      "takes hardware tokens that nobody has out of the running token service: a stolen box, or a file with wrong keys. A file may bring their serials again. Ends with 1 where one is a customer's, not there, or no serial; the others are taken out.",
    )
    .action(async (serials: string[], given: StaffActOptions) => {
      const { tokensVoid } = await import('../tokens-void.ts');
      const wanted = { institution: given.institution, serials, by: byOf(given) };
      process.exitCode = await tokensVoid(readSettings(process.env), wanted, console.log);
    });

  ofTokens(tokens.command('export'))
    .description('writes hardware tokens that nobody has yet, keys included, from the database')
    .addOption(new Option('--format <format>', 'of the file').choices(EXPORT_FORMATS).default('pskc'))
    .option('--clear', 'with keys in clear')
    .requiredOption('--out <file>', 'a new file, of this user alone')
    .action(async (given: TokensExportOptions) => {
      const { institution, format, out, clear = false } = given;
      const [{ readSecret }, { tokensExport }] = await Promise.all([
        import('../token-secret.ts'),
        import('../tokens-export.ts'),
      ]);
      const wanted = { institution, format, out, clear, by: byOf(given), secret: readSecret(given) };
      const count = await tokensExport(readSettings(process.env), wanted);
      console.error(`warifu: ${count} tokens`);
    });
}
