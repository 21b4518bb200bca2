// Suggestions while typing: a list under the box, by arrow keys or touch. Asked a moment after the last key, nothing kept.
(function () {
  var box = document.querySelector('input[data-suggest]');
  if (!box || !window.XMLHttpRequest) { return; }
  var list = document.createElement('ul');
  var timer;
  var asked;
  var chosen = -1;
  var typed = '';
  list.id = 'suggestions';
  list.className = 'suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', document.querySelector('label[for="' + box.id + '"]').textContent);
  box.form.appendChild(list);
  box.setAttribute('role', 'combobox');
  box.setAttribute('aria-autocomplete', 'list');
  box.setAttribute('aria-controls', list.id);
  box.setAttribute('aria-expanded', 'false');
  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }
  function forget() {
    clearTimeout(timer);
    if (asked) { asked.abort(); asked = null; }
  }
  function choose(number) {
    var items = list.children;
    chosen = (number + items.length + 1) % (items.length + 1);
    Array.prototype.forEach.call(items, function (item, at) { item.setAttribute('aria-selected', at === chosen ? 'true' : 'false'); });
    if (chosen === items.length) {
      box.value = typed;
      box.removeAttribute('aria-activedescendant');
    } else {
      box.value = items[chosen].textContent;
      box.setAttribute('aria-activedescendant', items[chosen].id);
    }
  }
  function send(words) {
    box.value = words;
    close();
    box.form.submit();
  }
  function show(found) {
    list.textContent = '';
    found.forEach(function (words, at) {
      var item = list.appendChild(document.createElement('li'));
      item.id = 'suggestion-' + at;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      item.dir = 'auto';
      item.textContent = words;
      item.addEventListener('mousedown', function (event) { event.preventDefault(); });
      item.addEventListener('click', function () { send(words); });
    });
    close();
    list.hidden = !found.length;
    box.setAttribute('aria-expanded', found.length ? 'true' : 'false');
  }
  function ask() {
    var request = new XMLHttpRequest();
    asked = request;
    request.open('GET', box.getAttribute('data-suggest') + '?lang=' + document.documentElement.lang + '&q=' + encodeURIComponent(typed));
    request.onload = function () {
      if (asked !== request || request.status !== 200 || document.activeElement !== box) { return; }
      try { show(JSON.parse(request.responseText).suggestions); } catch (error) { close(); }
    };
    request.send();
  }
  box.addEventListener('input', function () {
    forget();
    typed = box.value;
    if (typed.trim().length < 2) { close(); return; }
    timer = setTimeout(ask, 180);
  });
  box.addEventListener('keydown', function (event) {
    if (event.isComposing || list.hidden) { return; }
    if (event.key === 'ArrowDown') { event.preventDefault(); choose(chosen + 1); }
    if (event.key === 'ArrowUp') { event.preventDefault(); choose(chosen < 0 ? list.children.length - 1 : chosen - 1); }
    if (event.key === 'Escape') { event.preventDefault(); box.value = typed; close(); }
  });
  box.addEventListener('blur', function () { forget(); close(); });
})();
