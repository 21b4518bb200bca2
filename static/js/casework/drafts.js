// Keeps what is typed in a form with data-draft: two seconds after the last key, and when the page is left.
(function () {
  var forms = document.querySelectorAll('form[data-draft]');
  function body(form) {
    var parts = ['draft=' + encodeURIComponent(form.getAttribute('data-draft'))];
    for (var i = 0; i < form.elements.length; i += 1) {
      var part = form.elements[i];
      if (!part.name || part.disabled || part.type === 'file' || part.type === 'submit' || part.type === 'button') { continue; }
      if ((part.type === 'checkbox' || part.type === 'radio') && !part.checked) { continue; }
      if (part.tagName === 'SELECT' && part.multiple) {
        for (var j = 0; j < part.options.length; j += 1) {
          if (part.options[j].selected) { parts.push(encodeURIComponent(part.name) + '=' + encodeURIComponent(part.options[j].value)); }
        }
        continue;
      }
      parts.push(encodeURIComponent(part.name) + '=' + encodeURIComponent(part.value));
    }
    return parts.join('&');
  }
  function watch(form) {
    var timer = null, changed = false, sent = false;
    var told = form.querySelector('[data-kept]');
    function keep() {
      if (!changed || sent) { return; }
      changed = false;
      var request = new XMLHttpRequest();
      request.open('POST', form.getAttribute('data-draft-address'));
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.onload = function () {
        if (told) { told.textContent = request.status === 204 ? told.getAttribute('data-kept') : told.getAttribute('data-not-kept'); }
      };
      request.onerror = function () {
        changed = true;
        if (told) { told.textContent = told.getAttribute('data-not-kept'); }
      };
      request.send(body(form));
    }
    form.addEventListener('input', function () {
      changed = true;
      if (timer) { clearTimeout(timer); }
      timer = setTimeout(keep, 2000);
    });
    form.addEventListener('change', function () { changed = true; });
    form.addEventListener('submit', function () { sent = true; });
    window.addEventListener('pageshow', function () { sent = false; });
    window.addEventListener('pagehide', keep);
  }
  for (var n = 0; n < forms.length; n += 1) { watch(forms[n]); }
})();
