import type { Command } from 'commander';

/** What an act of staff is done with: for which institution, who does it and why. */
export interface StaffActOptions {
  readonly institution: string;
  readonly actor: string;
  readonly reason: string;
  readonly approval?: string;
}

export const asStaff = (command: Command) =>
  command
    .requiredOption('--institution <key>', 'of this institution')
    .requiredOption('--actor <id>', 'the member of staff who does it, for the audit')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--approval <id>', 'the approved proposal, for the audit');

export const byOf = ({ actor, reason, approval }: StaffActOptions) => ({
  actor,
  reason,
  ...(approval !== undefined && { approval }),
});
