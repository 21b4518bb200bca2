// Says under a text how many of its characters are used.
(function () {
  var texts = document.querySelectorAll('textarea[data-count]');
  function watch(text) {
    var most = parseInt(text.getAttribute('data-count'), 10);
    var told = document.createElement('p');
    told.className = 'count';
    told.dir = 'ltr';
    text.parentNode.insertBefore(told, text.nextSibling);
    function count() {
      told.textContent = text.value.length + ' / ' + most;
      told.className = text.value.length > most ? 'count count-over' : 'count';
    }
    text.addEventListener('input', count);
    count();
  }
  for (var n = 0; n < texts.length; n += 1) { watch(texts[n]); }
})();
