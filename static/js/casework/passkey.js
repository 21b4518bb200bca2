// Makes or uses a passkey: the form says what is asked for in data-options, and sends what the device answers.
(function () {
  if (!window.PublicKeyCredential || !navigator.credentials) { return; }
  var forms = document.querySelectorAll('form[data-passkey]');
  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    var found = new Uint8Array(plain.length);
    for (var i = 0; i < plain.length; i += 1) { found[i] = plain.charCodeAt(i); }
    return found.buffer;
  }
  function words(buffer) {
    var found = new Uint8Array(buffer), plain = '';
    for (var i = 0; i < found.length; i += 1) { plain += String.fromCharCode(found[i]); }
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function asked(form) {
    var options = JSON.parse(form.getAttribute('data-options')).publicKey;
    var known = options.allowCredentials || options.excludeCredentials || [];
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    for (var i = 0; i < known.length; i += 1) { known[i].id = bytes(known[i].id); }
    return options;
  }
  function answer(given) {
    var said = given.response, response = { clientDataJSON: words(said.clientDataJSON) };
    if (said.attestationObject) {
      response.attestationObject = words(said.attestationObject);
      response.transports = said.getTransports ? said.getTransports() : [];
    } else {
      response.authenticatorData = words(said.authenticatorData);
      response.signature = words(said.signature);
      response.userHandle = said.userHandle ? words(said.userHandle) : null;
    }
    return JSON.stringify({ id: given.id, rawId: words(given.rawId), type: given.type, response: response, clientExtensionResults: given.getClientExtensionResults() });
  }
  function watch(form) {
    var wrong = form.querySelector('.wrong');
    form.hidden = false;
    form.addEventListener('submit', function (event) {
      if (form.elements.credential.value) { return; }
      event.preventDefault();
      wrong.hidden = true;
      var options = { publicKey: asked(form) };
      var made = form.getAttribute('data-passkey') === 'create' ? navigator.credentials.create(options) : navigator.credentials.get(options);
      made.then(function (given) {
        form.elements.credential.value = answer(given);
        form.submit();
      }, function () { wrong.hidden = false; });
    });
  }
  for (var n = 0; n < forms.length; n += 1) { watch(forms[n]); }
})();
