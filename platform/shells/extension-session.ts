import { createExtensionSession } from '../storage/extension-session.ts';
import { systemClock, systemRandomBytes } from '../system.ts';

/** The unlocked vault, as the extension's pages share it with the background. */
export const extensionSession = createExtensionSession(systemClock, systemRandomBytes);
