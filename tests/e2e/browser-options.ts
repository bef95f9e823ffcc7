import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How both browsers are started. */

export interface StartOptions {
  /**
   * Whether the browser does all that a customer's does beside its pages: bars, history, pages kept for going back. Without it a
   * page takes a third less of the processor in Chromium, and half in Firefox.
   */
  readonly whole?: boolean;
  /** Whether the browser tells of requests, which is needed to answer in place of a server. */
  readonly network?: boolean;
}

export const VIEWPORT = { width: 1100, height: 900 };
export const headless = process.env.WARIFU_WATCH !== '1';
export const slowMo = headless ? 0 : 80;

export const newProfile = () => mkdtempSync(join(tmpdir(), 'warifu-profile-'));
