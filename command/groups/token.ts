import { type Command, Option } from 'commander';
import { readSettings } from '../../host/settings.ts';
import { TOKEN_ACT_NAMES, TOKEN_ACTS } from '../token-acts.ts';
import { asStaff, byOf, type StaffActOptions } from './staff-act.ts';

interface ShowOptions {
  readonly institution: string;
  readonly serial?: boolean;
}

export function addToken(program: Command): void {
  const token = program
    .command('token')
    .description(
      "a customer's token, by the staff API of the running service at TOKEN_SERVICE_URL with the key of the institution's staff",
    );

  token
    .command('show <user-id>')
    .description('the token with this ユーザID, as staff see it. Ends with 2 where there is none.')
    .requiredOption('--institution <key>', 'of this institution')
    .addOption(new Option('--serial', 'it is given by its シリアルNo or シリアル番号 instead'))
    .addHelpText('after', '\nExample:\n  npm run warifu -- token show 123456789012 --institution senpoku')
    .action(async (id: string, { institution, serial = false }: ShowOptions) => {
      const { tokenShow } = await import('../token.ts');
      await tokenShow(readSettings(process.env), institution, { id, bySerial: serial }, console.log);
    });

  for (const act of TOKEN_ACT_NAMES) {
    asStaff(token.command(`${act} <user-id>`))
      .description(
        `${TOKEN_ACTS[act]}. Ends with 0 where it was done, 1 where the token's status does not allow it.`,
      )
      .addHelpText(
        'after',
        `
Example:
  npm run warifu -- token ${act} 123456789012 --institution senpoku --actor staff01 --reason 'asked at the counter'`,
      )
      .action(async (userId: string, given: StaffActOptions) => {
        const { tokenAct } = await import('../token.ts');
        const wanted = { institution: given.institution, userId, by: byOf(given) };
        process.exitCode = await tokenAct(readSettings(process.env), act, wanted, console.log);
      });
  }
}
