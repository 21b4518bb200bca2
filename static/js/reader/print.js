// Print: shown where the browser can.
(function () {
  var button = document.getElementById('print');
  if (!button || !window.print) { return; }
  button.classList.remove('tool-not-ready');
  button.addEventListener('click', function () { window.print(); });
})();
