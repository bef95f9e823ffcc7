// ソフトウェアキーボード: a panel below the field that it types into. Without scripts its button stays hidden.

const TABS = [
  { id: 'upper', label: '大文字', keys: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { id: 'lower', label: '小文字', keys: 'abcdefghijklmnopqrstuvwxyz' },
  { id: 'digits', label: '数字', keys: '0123456789' },
  { id: 'signs', label: '記号', keys: '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~' },
];

const NAMES = {
  '"': '二重引用符',
  "'": '引用符',
  ',': 'コンマ',
  '.': 'ピリオド',
  '-': 'ハイフン',
  '`': 'バッククォート',
};

/** @type {{ panel: HTMLElement, toggle: HTMLButtonElement } | undefined} */
let shown;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(label, attributes, onClick) {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

function close({ focus }) {
  if (!shown) return;
  const { panel, toggle } = shown;
  shown = undefined;
  panel.remove();
  toggle.setAttribute('aria-expanded', 'false');
  if (focus) toggle.focus();
}

function tabList(input, keys, selected) {
  const list = element('div', { class: 'keyboard-tabs', role: 'tablist', 'aria-label': '文字の種類' });
  const select = (tab) => {
    for (const each of list.children) {
      const is = each.dataset.tab === tab.id;
      each.setAttribute('aria-selected', String(is));
      each.tabIndex = is ? 0 : -1;
    }
    keys.setAttribute('aria-label', tab.label);
    keys.replaceChildren(
      ...[...tab.keys].map((key) =>
        button(key, NAMES[key] ? { 'aria-label': NAMES[key] } : {}, () => type(input, input.value + key)),
      ),
    );
  };
  for (const tab of TABS) {
    list.append(
      button(tab.label, { role: 'tab', 'data-tab': tab.id, 'aria-controls': keys.id }, () => select(tab)),
    );
  }
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const now = TABS.findIndex(({ id }) => id === event.target.dataset.tab);
    const next = (now + step + TABS.length) % TABS.length;
    select(TABS[next]);
    list.children[next].focus();
  });
  select(TABS.find(({ id }) => id === selected) ?? TABS[0]);
  return list;
}

function type(input, value) {
  if (input.maxLength >= 0 && value.length > input.maxLength) return;
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

function open(toggle, input) {
  const keys = element('div', { class: 'keyboard-keys', role: 'tabpanel', id: `${input.id}-keys` });
  const count = element('p', { class: 'keyboard-count', role: 'status' });
  const panel = element(
    'div',
    { class: 'keyboard', role: 'group', 'aria-label': 'ソフトウェアキーボード', id: `${input.id}-keyboard` },
    tabList(input, keys, toggle.dataset.keyboardTab),
    keys,
    element(
      'div',
      { class: 'keyboard-edit' },
      button('1文字クリア', {}, () => type(input, input.value.slice(0, -1))),
      button('全てクリア', {}, () => type(input, '')),
      button('入力確定', { class: 'keyboard-done' }, () => close({ focus: true })),
    ),
    count,
  );
  const tell = () => {
    count.textContent = `${input.value.length}文字入力されています`;
  };
  tell();
  panel.addEventListener('click', tell);
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close({ focus: true });
  });
  toggle.after(panel);
  toggle.setAttribute('aria-expanded', 'true');
  shown = { panel, toggle };
  panel.querySelector('[aria-selected="true"]').focus();
}

function offer() {
  for (const toggle of document.querySelectorAll('[data-keyboard-for][hidden]')) {
    const input = document.getElementById(toggle.dataset.keyboardFor);
    toggle.hidden = false;
    toggle.setAttribute('aria-expanded', 'false');
    toggle.addEventListener('click', () => {
      const again = shown?.toggle === toggle;
      close({ focus: false });
      if (!again) open(toggle, input);
    });
  }
}

offer();
document.addEventListener('bank:content', offer);
