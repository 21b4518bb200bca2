// Leave quickly: cover the page at once, then go without leaving it behind. Shift three times does the same.
(function () {
  var link = document.getElementById('exit');
  if (!link) { return; }
  var shifts = 0;
  var timer;
  function leave(event) {
    if (event) { event.preventDefault(); }
    document.title = 'Dalil';
    document.body.textContent = '';
    location.replace(link.href);
  }
  link.addEventListener('click', leave);
  document.addEventListener('keydown', function (event) {
    if (event.repeat) { return; }
    clearTimeout(timer);
    shifts = event.key === 'Shift' ? shifts + 1 : 0;
    timer = setTimeout(function () { shifts = 0; }, 2000);
    if (shifts === 3) { leave(); }
  });
  window.addEventListener('pageshow', function (event) {
    if (event.persisted && !document.body.textContent) { location.replace(link.href); }
  });
})();
