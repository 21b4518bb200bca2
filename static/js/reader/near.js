// Near me: the device is asked only after a tap, and its answer is cut to two decimals (about 1 km) before it goes anywhere.
(function () {
  var button = document.getElementById('near');
  var note = document.getElementById('near-note');
  if (!button || !note || !navigator.geolocation) { return; }
  button.classList.remove('tool-not-ready');
  note.textContent = note.getAttribute('data-note');
  button.addEventListener('click', function () {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(function (found) {
      var address = button.getAttribute('data-address');
      var place = found.coords.latitude.toFixed(2) + ',' + found.coords.longitude.toFixed(2);
      location.href = address + (/\?$/.test(address) ? '' : '&') + 'near=' + place;
    }, function () {
      button.disabled = false;
      note.textContent = button.getAttribute('data-failed');
    }, { enableHighAccuracy: false, maximumAge: 600000, timeout: 15000 });
  });
})();
