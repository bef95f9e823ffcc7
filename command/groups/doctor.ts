import type { Command } from 'commander';
import { readSettings } from '../../host/settings.ts';
import type { DoctorArguments } from '../doctor.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'looks whether this machine is set up: directory, data folder, keys and how far they are changed, databases, clock, and the running service. It changes nothing. Each line is ok, a warning or an error with what to do. Ends with 0 where there is no error, 1 where there is one.',
    )
    .option('--clock <url>', 'compare the clock with the Date of an answer from here as well')
    .addHelpText(
      'after',
      `
It reads the same environment as the parts, so give it theirs. The built-in database can be looked into only while its part
is stopped.

Examples:
  npm run warifu -- doctor
  npm run warifu -- doctor --clock https://www.nict.go.jp/`,
    )
    .action(async (given: DoctorArguments) => {
      const { doctor } = await import('../doctor.ts');
      process.exitCode = await doctor(readSettings(process.env), given, console.log);
    });
}
