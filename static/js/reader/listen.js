// Listen: the device's own voice reads the guide, never a voice that sends the text away. Shown only where there is one.
(function () {
  var button = document.getElementById('listen');
  var article = document.querySelector('article');
  var speech = window.speechSynthesis;
  if (!button || !article || !speech) { return; }
  var label = button.querySelector('span');
  var words = label.textContent;
  var wanted = article.lang;
  var speaking = false;
  function voice() {
    return speech.getVoices().filter(function (each) { return each.localService && each.lang.slice(0, 2).toLowerCase() === wanted; })[0];
  }
  function show() {
    if (voice()) { button.classList.remove('tool-not-ready'); button.setAttribute('aria-pressed', 'false'); }
  }
  function stop() {
    speaking = false;
    speech.cancel();
    label.textContent = words;
    button.setAttribute('aria-pressed', 'false');
  }
  function parts() {
    var found = article.querySelectorAll('h1, h2, h3, li > p, .statements > li, .in-short li, label span, .about p, dd, .numbers li');
    return Array.prototype.map.call(found, function (each) {
      var copy = each.cloneNode(true);
      Array.prototype.forEach.call(copy.querySelectorAll('.mark, .unseen, svg'), function (mark) { mark.remove(); });
      return copy.textContent.trim();
    }).filter(Boolean);
  }
  function read(list) {
    if (!speaking) { return; }
    if (!list.length) { stop(); return; }
    var piece = new SpeechSynthesisUtterance(list[0]);
    piece.voice = voice();
    piece.lang = piece.voice ? piece.voice.lang : wanted;
    piece.onend = function () { read(list.slice(1)); };
    piece.onerror = stop;
    speech.speak(piece);
  }
  button.addEventListener('click', function () {
    if (speaking) { stop(); return; }
    speaking = true;
    label.textContent = button.getAttribute('data-stop');
    button.setAttribute('aria-pressed', 'true');
    read(parts());
  });
  window.addEventListener('pagehide', stop);
  show();
  if (speech.addEventListener) { speech.addEventListener('voiceschanged', show); }
})();
