import type { Command } from 'commander';
import { readSettings } from '../../host/settings.ts';

export function addBankKey(program: Command): void {
  program
    .command('bank-key')
    .description("the key that the bank's database is held by; its API keys are changed by key issue")
    .command('rotate')
    .description(
      'puts what the database holds under the present bank key, by the previous one, in one transaction. The bank goes on meanwhile, with PostgreSQL.',
    )
    .addHelpText(
      'after',
      `
  1. make a key:     head -c 32 /dev/urandom | basenc --base64url
  2. with it as WARIFU_BANK_KEY and the old one as WARIFU_BANK_KEY_PREVIOUS:  npm run warifu -- bank-key rotate
  3. give the bank the new key as WARIFU_BANK_KEY; it needs it at its next start

Files bank.key and bank-previous.key in the data folder do the same. With the built-in database, stop the bank first. Sessions,
mails and the audit's chains go on: the keys in use stay what they are, and are only held by another one. So the old key opens
nothing of the database from then on, but what leaked together with a copy of the database stays open.`,
    )
    .action(async () => {
      const { bankKeyRotate } = await import('../bank-key-rotate.ts');
      await bankKeyRotate(readSettings(process.env), console.log);
    });
}
