// Copy the address of this page.
(function () {
  var button = document.getElementById('copy');
  var link = document.getElementById('address');
  if (!button || !link || !navigator.clipboard) { return; }
  button.classList.remove('tool-not-ready');
  button.addEventListener('click', function () {
    navigator.clipboard.writeText(link.href).then(function () { button.textContent = button.getAttribute('data-copied'); });
  });
})();
