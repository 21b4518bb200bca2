// Keep pages for reading without a network: only after the reader asks, never a sensitive guide, all deleted at one touch.
(function () {
  if (!('serviceWorker' in navigator) || !window.caches || !window.fetch) {
    var unable = document.getElementById('offline');
    if (unable) { document.getElementById('progress').textContent = unable.getAttribute('data-unable'); }
    return;
  }
  var KEPT = 'kept';
  function day() { return new Date().toISOString().slice(0, 10); }
  function put(cache, address) {
    return fetch(address, { credentials: 'omit', cache: 'no-cache' }).then(function (answer) {
      if (!answer.ok || /no-store/.test(answer.headers.get('Cache-Control') || '')) { throw new Error(address); }
      return answer.blob().then(function (body) {
        var headers = { 'Content-Type': answer.headers.get('Content-Type'), 'X-Kept-On': day(),
          'Content-Security-Policy': answer.headers.get('Content-Security-Policy') || '' };
        return cache.put(address, new Response(body, { headers: headers }));
      });
    });
  }
  function helpers() {
    var script = document.querySelector('script[src*="/reader-"]');
    var icon = document.querySelector('link[rel="icon"]');
    return [script && script.src, icon && icon.href].filter(Boolean);
  }
  function keep(addresses, each) {
    return navigator.serviceWorker.register('/sw.js').then(function () { return caches.open(KEPT); }).then(function (cache) {
      var failed = 0;
      var done = 0;
      var all = helpers().concat(addresses);
      return all.reduce(function (before, address) {
        return before.then(function () {
          return put(cache, address).catch(function () { failed += 1; }).then(function () { done += 1; if (each) { each(done, all.length); } });
        });
      }, Promise.resolve()).then(function () { return failed; });
    });
  }
  function forget(address) {
    return caches.open(KEPT).then(function (cache) { return cache.delete(address); });
  }
  function forgetAll() {
    return caches.delete(KEPT).then(function () { return navigator.serviceWorker.getRegistrations(); }).then(function (found) {
      return Promise.all(found.map(function (each) { return each.unregister(); }));
    });
  }

  var button = document.getElementById('keep');
  if (button) {
    var label = button.querySelector('span');
    var words = label.textContent;
    var show = function (kept) {
      button.setAttribute('aria-pressed', kept ? 'true' : 'false');
      label.textContent = kept ? button.getAttribute('data-kept') : words;
    };
    caches.match(location.pathname, { cacheName: KEPT }).then(function (kept) {
      show(Boolean(kept));
      button.classList.remove('tool-not-ready');
    });
    button.addEventListener('click', function () {
      if (button.getAttribute('aria-pressed') === 'true') { forget(location.pathname).then(function () { show(false); }); return; }
      var offline = document.querySelector('.site-footer a[href$="/offline/"]');
      keep([location.pathname, offline.getAttribute('href')]).then(function () {
        return caches.open(KEPT).then(function (cache) { return cache.match(location.pathname); });
      }).then(function (kept) { show(Boolean(kept)); });
    });
  }

  var page = document.getElementById('offline');
  if (page) {
    var progress = document.getElementById('progress');
    var list = document.getElementById('kept-pages');
    var titleOf = function (text, address) {
      var found = /<title>([^<]*)<\/title>/.exec(text);
      var area = document.createElement('textarea');
      area.innerHTML = found ? found[1] : address;
      return area.value.replace(/ – Dalil$/, '');
    };
    var refresh = function () {
      return caches.has(KEPT).then(function (any) { return any ? caches.open(KEPT) : null; }).then(function (cache) {
        if (!cache) { return []; }
        return cache.keys().then(function (keys) {
          var pages = keys.filter(function (key) { return /\/$/.test(new URL(key.url).pathname); });
          return Promise.all(pages.map(function (key) {
            return cache.match(key).then(function (answer) {
              return answer.text().then(function (text) {
                return { path: new URL(key.url).pathname, title: titleOf(text, key.url), on: answer.headers.get('X-Kept-On') };
              });
            });
          }));
        });
      }).then(function (pages) {
        list.textContent = '';
        if (!pages.length) { list.appendChild(document.createElement('li')).textContent = page.getAttribute('data-none'); }
        pages.forEach(function (each) {
          var item = list.appendChild(document.createElement('li'));
          var link = item.appendChild(document.createElement('a'));
          link.href = each.path;
          link.lang = each.path.split('/')[1];
          link.textContent = each.title + ' – ' + page.getAttribute('data-kept-on') + ' ';
          var date = link.appendChild(document.createElement('bdi'));
          date.dir = 'ltr';
          date.textContent = each.on;
        });
      });
    };
    document.getElementById('keep-all').addEventListener('click', function () {
      fetch(page.getAttribute('data-pages')).then(function (answer) { return answer.json(); }).then(function (found) {
        return keep(found.addresses, function (done, all) { progress.textContent = page.getAttribute('data-progress') + ' ' + done + ' / ' + all; });
      }).then(function (failed) {
        if (failed) { progress.textContent = page.getAttribute('data-failed'); }
        return refresh();
      }).catch(function () { progress.textContent = page.getAttribute('data-failed'); });
    });
    document.getElementById('delete-all').addEventListener('click', function () {
      forgetAll().then(function () { progress.textContent = ''; return refresh(); });
    });
    fetch(page.getAttribute('data-pages')).then(function (answer) { return answer.json(); }).then(function (found) {
      document.getElementById('size').textContent = '(~ ' + found.about_kb + ' KB)';
    }).catch(function () {});
    refresh();
  }
})();
