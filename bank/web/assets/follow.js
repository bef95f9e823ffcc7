// Follows a transfer: shows the page that the server renders after the customer has decided on the token. It follows
// an import of tokens in the same way, and a challenge that the token signs, after which it sends the page's form.
// Without scripts there is the link 「最新の状況を表示」, and the form's button.

const PAUSE_MS = 1000;
const MOST_PAUSE_MS = 15000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Live region. It is never replaced: screen readers announce changes only in an element that stays. */
const announcement = document.createElement('p');
announcement.className = 'visually-hidden';
announcement.setAttribute('role', 'status');

const announce = (element) => {
  announcement.textContent = element.textContent;
};

function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const main = page.getElementById('main');
  if (!main) throw new Error('no page');
  // Only this part of a form changes: what was typed beside it stays.
  const part = main.querySelector('[data-follow-part]');
  const shown = document.querySelector('[data-follow-part]');
  if (part && shown) {
    shown.replaceWith(document.adoptNode(part));
    announce(part.querySelector('[data-announce]'));
    return;
  }
  document.getElementById('main').replaceWith(document.adoptNode(main));
  document.title = page.title;
  // What only moves on neither takes the focus nor is announced.
  if (main.querySelector('[data-follow-quietly]')) return;
  const heading = main.querySelector('h1');
  heading.tabIndex = -1;
  heading.focus();
  announce(main.querySelector('[data-announce]') ?? heading);
  document.dispatchEvent(new Event('bank:content'));
}

/** @returns whether more may follow */
async function ask(address) {
  const response = await fetch(address, { redirect: 'manual', cache: 'no-store' });
  if (response.type === 'opaqueredirect') {
    // The session has ended; the page itself will say so.
    location.reload();
    return false;
  }
  if (response.status === 204) return true;
  if (!response.ok) throw new Error(String(response.status));
  show(await response.text());
  return true;
}

/** @returns whether the page has sent its form */
function goOn() {
  const signed = document.querySelector('[data-go-on]');
  signed?.closest('form').requestSubmit();
  return signed !== null;
}

async function follow() {
  let failures = 0;
  if (goOn()) return;
  for (;;) {
    const place = document.querySelector('[data-follow]');
    if (!place) return;
    try {
      if (!(await ask(place.dataset.follow)) || goOn()) return;
      failures = 0;
    } catch {
      failures += 1;
    }
    await pause(Math.min((PAUSE_MS / 4) * 2 ** (2 * failures), MOST_PAUSE_MS));
  }
}

if (document.querySelector('[data-follow], [data-go-on]')) {
  document.body.append(announcement);
  follow();
}
