import { createExtensionSession } from '../storage/extension-session.ts';
import { systemClock, systemRandomBytes } from '../system.ts';

/** The unlocked vault that the extension's pages share with the background. */
export const extensionSession = createExtensionSession(systemClock, systemRandomBytes);
