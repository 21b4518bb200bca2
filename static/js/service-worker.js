// Answers for pages that a reader has kept, when the network does not. Keeps nothing by itself.
'use strict';
var KEPT = 'kept';
var PATIENCE = 3000;

self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener('fetch', function (event) {
  var address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) { return; }
  if (/^\/(cms|j|api|static)\//.test(address.pathname) && !/icon/.test(address.pathname)) { return; }
  if (/^\/[a-z]+\/(casework|follow-up)\//.test(address.pathname)) { return; }
  event.respondWith(answer(event.request));
});

function answer(request) {
  return caches.match(request, { cacheName: KEPT, ignoreVary: true, ignoreSearch: true }).then(function (kept) {
    if (!kept) {
      return fetch(request).catch(function () {
        return caches.open(KEPT).then(function (cache) { return elsewhere(cache, request); });
      });
    }
    return caches.open(KEPT).then(function (cache) {
      return Promise.race([fetch(request).then(function (fresh) { return renew(cache, request, fresh); }), late()])
        .then(function (fresh) { return fresh || dated(kept); })
        .catch(function () { return dated(kept); });
    });
  });
}

function late() { return new Promise(function (done) { setTimeout(done, PATIENCE); }); }

// A kept page that was read again with a network is kept in its newer form; one that became private is forgotten.
function renew(cache, request, fresh) {
  if (fresh.type === 'opaqueredirect' || /no-store/.test(fresh.headers.get('Cache-Control') || '') || fresh.status === 404 || fresh.status === 410) {
    return cache.delete(request).then(function () { return fresh; });
  }
  if (!fresh.ok || fresh.redirected) { return fresh; }
  var copy = fresh.clone();
  return copy.blob().then(function (body) {
    var headers = { 'Content-Type': copy.headers.get('Content-Type'), 'X-Kept-On': new Date().toISOString().slice(0, 10),
      'Content-Security-Policy': copy.headers.get('Content-Security-Policy') || '' };
    return cache.put(request, new Response(body, { headers: headers }));
  }).then(function () { return fresh; });
}

// The kept copy says that it is one, and of which day.
function dated(kept) {
  var type = kept.headers.get('Content-Type') || '';
  if (type.indexOf('text/html') !== 0) { return kept; }
  return kept.text().then(function (text) {
    var on = kept.headers.get('X-Kept-On') || '';
    var shown = text.replace(/<!--kept([\s\S]*?)kept-->/, '$1').replace('>DAY</bdi>', '>' + on + '</bdi>');
    return new Response(shown, { headers: kept.headers });
  });
}

// No network and no copy of this page: show what is kept.
function elsewhere(cache, request) {
  if (request.mode !== 'navigate') { return Response.error(); }
  var language = new URL(request.url).pathname.split('/')[1];
  return cache.keys().then(function (keys) {
    var pages = keys.filter(function (key) { return /^\/[\w-]+\/offline\/$/.test(new URL(key.url).pathname); });
    var own = pages.filter(function (key) { return new URL(key.url).pathname.split('/')[1] === language; });
    var found = own[0] || pages[0];
    return found ? cache.match(found) : Response.error();
  });
}
