import { render } from 'preact';
import { createShell } from '#shell';
import { createInbox } from '../../components/confirm/inbox.ts';
import { timeout } from '../../components/timeout.ts';
import { TokenApp } from '../../components/token-app.tsx';
import { createTokenModel } from '../../components/token-model.ts';
import { placeIn, saidIn } from '../../components/token-route.ts';
import { keepWords } from '../../components/words.tsx';

const shell = await createShell();
const model = createTokenModel({ ...shell, schedule: timeout });
document.documentElement.lang = shell.text('languageTag');
const root = document.getElementById('app');
const inbox = createInbox(shell.confirmations);
if (root) {
  keepWords(root);
  const { hash } = location;
  render(<TokenApp {...{ shell, model, inbox }} place={placeIn(hash)} said={saidIn(hash)} />, root);
}
