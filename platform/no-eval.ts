import { config } from 'zod';

// Import this before any schema is made. Otherwise the library tries `new Function`, which the policies of our pages forbid and
// browsers report.
config({ jitless: true });
