// Asks the browser for a passkey, puts its answer into the form, and sends the form.
const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const trouble = form.querySelector('[data-passkey-trouble]');
  const answer = form.querySelector('input[name="response"]');
  form.addEventListener('submit', async (event) => {
    if (answer.value !== '') return;
    event.preventDefault();
    trouble.hidden = true;
    try {
      const optionsJSON = JSON.parse(form.dataset.passkey);
      const ask = form.dataset.passkeyFor === 'register' ? startRegistration : startAuthentication;
      answer.value = JSON.stringify(await ask({ optionsJSON }));
    } catch {
      trouble.hidden = false;
      trouble.focus();
      return;
    }
    form.requestSubmit();
  });
}
