import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How both browsers are started. */

export const VIEWPORT = { width: 1100, height: 900 };
export const headless = process.env.WARIFU_WATCH !== '1';
export const slowMo = headless ? 0 : 80;

export const newProfile = () => mkdtempSync(join(tmpdir(), 'warifu-profile-'));
