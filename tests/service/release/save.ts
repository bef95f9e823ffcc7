import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveBundle } from './bundle.ts';
import { saveTables } from './tables.ts';

/** `node tests/service/release/save.ts`, when a release is made: what the next one's nodes are to run beside. */

const output = mkdtempSync(join(tmpdir(), 'warifu-save-'));
const env = { ...process.env, WARIFU_OUTPUT: output };
execFileSync(process.execPath, ['bundle.ts'], { env, stdio: 'inherit' });
saveBundle(join(output, 'service'));
await saveTables();
// The databases in memory stay, to be used again.
process.exit(0);
