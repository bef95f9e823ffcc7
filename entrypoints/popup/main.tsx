import { render } from 'preact';
import { createInbox } from '../../components/confirm/inbox.ts';
import { withPatience } from '../../components/patience.ts';
import { PopupApp } from '../../components/popup-app.tsx';
import { timeout } from '../../components/timeout.ts';
import { createTokenModel } from '../../components/token-model.ts';
import { keepWords } from '../../components/words.tsx';
import { createPopupShell } from '../../platform/shells/popup.ts';

const shell = createPopupShell();
const model = createTokenModel({ ...shell, schedule: timeout });
const read = model.show();
document.documentElement.lang = shell.text('languageTag');
document.title = shell.text('extensionName');
await withPatience(read);
const root = document.getElementById('app');
if (root) {
  keepWords(root);
  render(<PopupApp shell={shell} model={model} inbox={createInbox(shell.confirmations)} />, root);
}
