import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `node tests/service/deploy/operate/run.ts`, as root where namespaces may be made: an operator copies every block of
 * docs/OPERATE.md, in order, on a machine of its own, and on three more for the database.
 */

const ROOT = join(import.meta.dirname, '../../../..');
const HERE = 'tests/service/deploy/operate';

const npm = spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim();
const machine = ['--mount', '--net', '--pid', '--fork', '--kill-child', 'bash', `${HERE}/machine.sh`];
const story = ['node', '--disable-warning=ExperimentalWarning', `${HERE}/story.ts`];
const { status } = spawnSync('unshare', [...machine, ROOT, npm, ...story], { cwd: ROOT, stdio: 'inherit' });
console.log(status === 0 ? '\nEvery block works.' : '\n✗ The page does not work as it stands.');
process.exit(status ?? 1);
