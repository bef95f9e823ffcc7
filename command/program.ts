import { Command } from 'commander';
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

/** All commands, with their arguments and help. It throws where it would end the process. */
export function createProgram(): Command {
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
  return program;
}
