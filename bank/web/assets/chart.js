// Points of a chart: a chart is one tab stop, the arrow keys move between its points, and the text of a point is shown
// below. Without scripts every point is a link.

function points(chart) {
  const all = [...chart.querySelectorAll('.chart-point')];
  const said = chart.querySelector('.chart-said');
  const say = (point) => {
    said.textContent = point.getAttribute('aria-label');
  };
  const stop = (at) => {
    for (const point of all) point.setAttribute('tabindex', point === at ? '0' : '-1');
  };
  stop(all.at(-1));
  for (const point of all) {
    point.addEventListener('focus', () => {
      stop(point);
      say(point);
    });
    point.addEventListener('pointerenter', () => say(point));
  }
  chart.addEventListener('keydown', (event) => {
    const now = all.indexOf(event.target.closest('.chart-point'));
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (now < 0 || next === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(next, 0), all.length - 1)].focus();
  });
}

for (const chart of document.querySelectorAll('.chart')) points(chart);
