import type { Command } from 'commander';
import { readSettings } from '../../host/settings.ts';

export function addDirectory(program: Command): void {
  program
    .command('directory')
    .description('the file that describes the institutions')
    .command('check <file>')
    .description(
      'says whether the parts would start with this file as WARIFU_DIRECTORY: the first thing that is wrong, with its line. Ends with 0 where they would, 1 where not.',
    )
    .addHelpText('after', '\nExample:\n  npm run warifu -- directory check /etc/warifu/directory.json')
    .action(async (file: string) => {
      const { directoryCheck } = await import('../directory-check.ts');
      process.exitCode = directoryCheck(readSettings(process.env), file, console.log);
    });
}
