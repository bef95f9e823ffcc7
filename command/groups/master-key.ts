import type { Command } from 'commander';
import { readSettings } from '../../host/settings.ts';

export function addMasterKey(program: Command): void {
  program
    .command('master-key')
    .description("the key that the token service's secrets are sealed under")
    .command('rotate')
    .description(
      'seals every secret of the token service under the present master key, by the previous one, while nodes serve. Broken off, it goes on when it is run again. Ends with 0 where all of them are, 1 where some open by neither key.',
    )
    .addHelpText(
      'after',
      `
While a key is rotated every node knows both. With PostgreSQL the nodes go on while this runs:

  1. make a key:     head -c 32 /dev/urandom | basenc --base64url
  2. on each node, one after the other, add it as WARIFU_MASTER_KEY_NEXT and restart
  3. on each node, one after the other, set it as WARIFU_MASTER_KEY, the old one as WARIFU_MASTER_KEY_PREVIOUS, take
     WARIFU_MASTER_KEY_NEXT away, and restart
  4. with the environment of step 3:  npm run warifu -- master-key rotate
     until it says that 0 secrets were sealed again
  5. on each node take WARIFU_MASTER_KEY_PREVIOUS away and restart

Not before every node has come through step 2 is any through step 3, and not before every node has come through step 3 is
this run: from then on a node that still seals under the old key is not ready. Files master.key, master-next.key and
master-previous.key in the data folder do the same. With the built-in database, stop the service and do steps 1, 3, 4 and 5.

Keep the old key as long as backups from before are kept. After a leak also keep heads of the audit outside
(audit verify --heads): whoever has the old key and the database of that time knows the key of its chains.`,
    )
    .action(async () => {
      const { masterKeyRotate } = await import('../master-key-rotate.ts');
      process.exitCode = await masterKeyRotate(readSettings(process.env), console.log);
    });
}
