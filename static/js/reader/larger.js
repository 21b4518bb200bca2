// Larger text stays larger from page to page until the tab is closed. Kept only after the reader asked.
(function () {
  var box = document.getElementById('larger');
  if (!box) { return; }
  try { box.checked = sessionStorage.getItem('larger') === 'yes'; } catch (error) { return; }
  box.addEventListener('change', function () {
    try { sessionStorage.setItem('larger', box.checked ? 'yes' : 'no'); } catch (error) { return; }
  });
})();
