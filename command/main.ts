import { createWriteStream } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { readSettings } from '../host/settings.ts';
import type { VerifyArguments } from './audit-verify.ts';
import { messageOf } from './errors.ts';
import { EXIT } from './exit.ts';
import { PART_KEYS, type Part } from './part.ts';
import type { SecretOptions } from './token-secret.ts';
import { EXPORT_FORMATS, type ExportFormat } from './tokens-format.ts';

/**
 * `npm run warifu -- …`: commands for operators and auditors. They read the same settings as the parts. Each loads its own code
 * alone: a database's takes more memory than an import has.
 */

const EXIT_CODES =
  'Ends with 0 where all is good, 1 where something was changed, 2 where nothing can be said.';

const part = () => new Option('--part <part>', 'the audit of this part').choices(PART_KEYS);

const program = new Command('warifu').exitOverride();
const audit = program.command('audit').description('the audit of token service and bank');

audit
  .command('verify')
  .description(`finds what was changed in the audit after it was linked. ${EXIT_CODES}`)
  .option('--institution <key>', 'of this institution only')
  .addOption(part())
  .option('--since <file>', 'heads kept before, from which the chains must go on')
  .option('--heads <file>', 'where to write the heads, if all is good')
  .action(async (given: VerifyArguments) => {
    const { auditVerify } = await import('./audit-verify.ts');
    process.exitCode = await auditVerify(readSettings(process.env), given, console.log);
  });

interface ExportOptions {
  readonly institution: string;
  readonly part: Part;
  readonly from?: string;
  readonly to?: string;
  readonly event?: string;
  readonly token?: string;
  readonly bom?: boolean;
  readonly out?: string;
}

audit
  .command('export')
  .description('writes entries as CSV')
  .requiredOption('--institution <key>', 'of this institution')
  .addOption(part().default('service'))
  .option('--from <time>', 'from this day in Japan, or time with offset')
  .option('--to <time>', 'to the end of this day in Japan, or before this time with offset')
  .option('--event <event>', 'of this event, such as verify; at the bank this act')
  .option('--token <id>', 'of this token id; at the bank this ユーザID')
  .option('--bom', 'begin with a byte order mark, for Excel')
  .option('--out <file>', 'into this file, of this user alone; to the standard output without')
  .action(async ({ from, to, out, ...given }: ExportOptions) => {
    const { auditExport, momentOf } = await import('./audit-export.ts');
    const times = {
      ...(from !== undefined && { from: momentOf(from, 'begin') }),
      ...(to !== undefined && { before: momentOf(to, 'end') }),
    };
    const stream = () => (out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 }));
    const count = await auditExport(readSettings(process.env), { ...given, ...times }, stream);
    console.error(`warifu: ${count} entries`);
  });

const tokens = program.command('tokens').description('hardware tokens');

/** What both need. */
const ofTokens = (command: Command) =>
  command
    .requiredOption('--institution <key>', 'of this institution')
    .requiredOption('--actor <id>', 'the member of staff who does it, for the audit')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--approval <id>', 'the approved proposal, for the audit')
    .option(
      '--password-file <file>',
      'the password of the file, in the first line of this one; - for the standard input',
    )
    .option('--key-file <file>', 'the key of the file, in hexadecimal digits; - for the standard input');

interface TokensOptions extends SecretOptions {
  readonly institution: string;
  readonly actor: string;
  readonly reason: string;
  readonly approval?: string;
}

const byOf = ({ actor, reason, approval }: TokensOptions) => ({
  actor,
  reason,
  ...(approval !== undefined && { approval }),
});

ofTokens(tokens.command('import <file>'))
  .description(
    'imports a PSKC or CSV file by the running token service, or goes on with it. Ends with 0 where all of it is there, 1 where some rows were not taken, 2 where nothing was or it was broken off.',
  )
  .option('--report <file>', 'a new file for the rows that were not taken')
  .action(async (file: string, given: TokensOptions & { readonly report?: string }) => {
    const { institution, report } = given;
    const [{ readSecret }, { tokensImport }] = await Promise.all([
      import('./token-secret.ts'),
      import('./tokens-import.ts'),
    ]);
    const wanted = { institution, report, by: byOf(given), secret: readSecret(given) };
    process.exitCode = await tokensImport(readSettings(process.env), file, wanted, console.log);
  });

interface TokensExportOptions extends TokensOptions {
  readonly format: ExportFormat;
  readonly clear?: boolean;
  readonly out: string;
}

ofTokens(tokens.command('export'))
  .description('writes hardware tokens that nobody has yet, keys included, from the database')
  .addOption(new Option('--format <format>', 'of the file').choices(EXPORT_FORMATS).default('pskc'))
  .option('--clear', 'with keys in clear')
  .requiredOption('--out <file>', 'a new file, of this user alone')
  .action(async (given: TokensExportOptions) => {
    const { institution, format, out, clear = false } = given;
    const [{ readSecret }, { tokensExport }] = await Promise.all([
      import('./token-secret.ts'),
      import('./tokens-export.ts'),
    ]);
    const wanted = { institution, format, out, clear, by: byOf(given), secret: readSecret(given) };
    const count = await tokensExport(readSettings(process.env), wanted);
    console.error(`warifu: ${count} tokens`);
  });

try {
  await program.parseAsync();
} catch (error) {
  // The library has printed what is wrong with the arguments.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.good : EXIT.cannotTell;
  else {
    console.error(`warifu: ${messageOf(error)}`);
    process.exitCode = EXIT.cannotTell;
  }
}
