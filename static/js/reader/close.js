// A page that closes: after some minutes, and whenever it is left, nothing of it stays in sight or in the memory for Back.
(function () {
  var link = document.getElementById('closing');
  if (!link) { return; }
  var end = Date.now() + link.getAttribute('data-after') * 1000;
  function blank() { document.body.textContent = ''; }
  function close() { blank(); location.replace(link.href); }
  function look() { if (Date.now() >= end) { end = Infinity; close(); } }
  setInterval(look, 1000);
  document.addEventListener('visibilitychange', look);
  link.addEventListener('click', function (event) { event.preventDefault(); close(); });
  window.addEventListener('pagehide', blank);
  window.addEventListener('pageshow', function (event) { if (event.persisted) { close(); } });
})();
