// Brings who reads with the keyboard to what is wrong.
(function () {
  var wrong = document.getElementById('wrong');
  if (wrong && wrong.focus) { wrong.focus(); }
})();
