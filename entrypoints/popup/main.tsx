import { render } from 'preact';
import { createInbox } from '../../components/confirm/inbox.ts';
import { PopupApp } from '../../components/popup-app.tsx';
import { timeout } from '../../components/timeout.ts';
import { createTokenModel } from '../../components/token-model.ts';
import { keepWords } from '../../components/words.tsx';
import { createPopupShell } from '../../platform/shells/popup.ts';

/** Milliseconds without drawing while the vault is read, as an extra frame would only delay the code. */
const PATIENCE_MS = 100;

const shell = createPopupShell();
const model = createTokenModel({ ...shell, schedule: timeout });
const read = model.show();
document.documentElement.lang = shell.text('languageTag');
document.title = shell.text('extensionName');
await Promise.race([read, new Promise((late) => setTimeout(late, PATIENCE_MS))]);
const root = document.getElementById('app');
if (root) {
  keepWords(root);
  render(<PopupApp shell={shell} model={model} inbox={createInbox(shell.confirmations)} />, root);
}
