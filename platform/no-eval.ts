import { config } from 'zod';

// Imported before any schema is made: the library would otherwise try `new Function` for each, which the policies of our
// pages refuse and browsers report.
config({ jitless: true });
