// ページを印刷する: offered only where a script can print.
function offer() {
  for (const button of document.querySelectorAll('[data-print][hidden]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}

offer();
document.addEventListener('bank:content', offer);
