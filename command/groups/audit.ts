import { type Command, Option } from 'commander';
import { readSettings } from '../../host/settings.ts';
import type { VerifyArguments } from '../audit-verify.ts';
import { PART_KEYS, type Part } from '../part.ts';
import { asStaff, byOf, type StaffActOptions } from './staff-act.ts';

const EXIT_CODES =
  'Ends with 0 where all is good, 1 where something was changed, 2 where nothing can be said.';

const part = () => new Option('--part <part>', 'the audit of this part').choices(PART_KEYS);

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

interface DropOptions extends StaffActOptions {
  readonly part: Part;
  readonly before: string;
  readonly out: string;
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit of token service and bank');

  audit
    .command('verify')
    .description(`finds what was changed in the audit after it was linked. ${EXIT_CODES}`)
    .option('--institution <key>', 'of this institution only')
    .addOption(part())
    .option('--since <file>', 'heads kept before, from which the chains must go on')
    .option('--heads <file>', 'where to write the heads, if all is good')
    .action(async (given: VerifyArguments) => {
      const { auditVerify } = await import('../audit-verify.ts');
      process.exitCode = await auditVerify(readSettings(process.env), given, console.log);
    });

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
    .option('--out <file>', 'into this new file, of this user alone; to the standard output without')
    .action(async ({ from, to, out, ...given }: ExportOptions) => {
      const { auditExport, momentOf } = await import('../audit-export.ts');
      const times = {
        ...(from !== undefined && { from: momentOf(from, 'begin') }),
        ...(to !== undefined && { before: momentOf(to, 'end') }),
      };
      const count = await auditExport(readSettings(process.env), { ...given, ...times }, out);
      console.error(`warifu: ${count} entries`);
    });

  asStaff(audit.command('drop'))
    .description(
      "writes an institution's entries from before a day into a file, and then drops them. The chain goes on from where it was cut, and audit verify says where that is. Nothing is dropped of a chain that is not good.",
    )
    .addOption(part().makeOptionMandatory())
    .requiredOption('--before <day>', 'entries from before this day in Japan, or time with offset')
    .requiredOption('--out <file>', 'a new file for them as CSV, of this user alone')
    .addHelpText(
      'after',
      `
Keep the file, and heads of that day (audit verify --heads), where nobody can change them: with the entries go the means to verify
them. Broken off, run it again with another file; both together have all entries.

Example:
  npm run warifu -- audit drop --part service --institution senpoku --before 2020-04-01 --out /root/senpoku-2019.csv \\
    --actor ops01 --reason 'kept for as long as the rules ask'`,
    )
    .action(async (given: DropOptions) => {
      const [{ momentOf }, { auditDrop }] = await Promise.all([
        import('../audit-export.ts'),
        import('../audit-drop.ts'),
      ]);
      const { institution, part, out } = given;
      const wanted = { institution, part, out, before: momentOf(given.before, 'begin'), by: byOf(given) };
      process.exitCode = await auditDrop(readSettings(process.env), wanted, console.log);
    });
}
