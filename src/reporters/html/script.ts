/** A convenience, not a need: says the time under the pointer while it moves over a strip. */
export const script = `
document.querySelectorAll('.view').forEach(function (view) {
  var from = Number(view.dataset.from), to = Number(view.dataset.to);
  var say = document.createElement('p'); say.className = 'when'; view.appendChild(say);
  view.addEventListener('pointermove', function (event) {
    var strip = event.target.closest && event.target.closest('svg.strip');
    if (!strip) { say.textContent = ''; return; }
    var box = strip.getBoundingClientRect();
    var at = (from + (to - from) * (event.clientX - box.left) / box.width) / 1000;
    say.textContent = (at < 0 ? '\\u2212' : '+') + Math.abs(at).toFixed(2) + ' s from T0';
  });
});
`;
