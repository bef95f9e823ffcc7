/** What the PIN's secret is made with, and nothing around it; loaded by an empty page of the extension. */
export { scryptAsync } from '@noble/hashes/scrypt.js';
