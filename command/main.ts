import { Command, CommanderError } from 'commander';
import { messageOf } from './errors.ts';
import { EXIT } from './exit.ts';
import { addAudit } from './groups/audit.ts';
import { addBackup } from './groups/backup.ts';
import { addBankKey } from './groups/bank-key.ts';
import { addDirectory } from './groups/directory.ts';
import { addDoctor } from './groups/doctor.ts';
import { addKey } from './groups/key.ts';
import { addMasterKey } from './groups/master-key.ts';
import { addSigningKey } from './groups/signing-key.ts';
import { addToken } from './groups/token.ts';
import { addTokens } from './groups/tokens.ts';

/**
 * `npm run warifu -- …`: commands for operators and auditors. They read the same settings as the parts. Each loads its own code
 * alone: a database's takes more memory than an import has.
 */

const program = new Command('warifu').exitOverride();
addAudit(program);
addBackup(program);
addBankKey(program);
addDirectory(program);
addDoctor(program);
addKey(program);
addMasterKey(program);
addSigningKey(program);
addToken(program);
addTokens(program);

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
