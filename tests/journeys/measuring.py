"""What tests measure inside a page: places, orders of signs, letters and languages. Each is a function for the browser."""

# How far each first match stands from the side on which the page starts (left in French, right in Arabic).
PLACES = """selectors => {
  const start = document.dir === 'rtl', wide = document.documentElement.clientWidth, found = {};
  for (const selector of selectors) {
    const box = document.querySelector(selector).getBoundingClientRect();
    found[selector] = start ? wide - box.right : box.left;
  }
  return found;
}"""

# Texts in which a number has a separator: how many there are, and those whose signs do not stand from left to right.
NUMBERS_IN_ORDER = r"""() => {
  const number = /\+?\d+(?:[.,:\/\u00a0\u202f –-]\d+)*(?: ?%)?/g, signs = /[^\s\u00a0\u202f]/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), wrong = [];
  let count = 0;
  const box = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getClientRects()[0];
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest('style, script, .unseen, [hidden]')) { continue; }
    for (const found of node.data.matchAll(number)) {
      const boxes = [...found[0]].map((sign, at) => signs.test(sign) ? box(node, found.index + at) : null).filter(Boolean);
      if (boxes.length < 2) { continue; }
      count += 1;
      const turned = boxes.some((each, at) => at > 0 && each.top < boxes[at - 1].bottom - 2
        && Math.abs(each.top - boxes[at - 1].top) < 8 && each.left < boxes[at - 1].left);
      if (turned) { wrong.push(found[0] + ' in ' + node.parentElement.outerHTML.slice(0, 120)); }
    }
  }
  return [count, wrong];
}"""

# Arabic text that is too small, too tight, spaced out or slanted.
TYPE = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faults = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!/[\u0620-\u064a]/.test(node.data) || element.closest('style, script, noscript, .unseen, [hidden], .skip')) { continue; }
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    const body = element.closest('main p, main li, main dd') && !element.closest(
      'h1, h2, h3, .quiet, .sources, .unsure, .if-you-have-it, .details, .crumbs, .tool, .button');
    const say = fault => faults.push(`${fault}: ${element.outerHTML.slice(0, 100)}`);
    if (style.letterSpacing !== 'normal') { say('letters are spaced out'); }
    if (style.fontStyle !== 'normal') { say('slanted'); }
    if (size < 14) { say(`${size} px`); }
    if (body && size < 18) { say(`${size} px`); }
    if (body && parseFloat(style.lineHeight) < 1.8 * size - 0.1) { say(`a line of ${style.lineHeight} for ${size} px`); }
  }
  return [...new Set(faults)];
}"""

# Each sign with a class: its drawing, whether it has a direction, and how it is turned (1, or -1 for mirrored).
MIRRORS = """() => [...document.querySelectorAll('svg.icon')].map(each => {
  const turned = getComputedStyle(each).transform;
  return [each.innerHTML.slice(0, 40), each.classList.contains('mirror'),
    turned === 'none' ? 1 : new DOMMatrix(turned).a];
})"""

# Letters whose nearest language does not write with them. The name of the site and addresses are no words.
LANGUAGE_OF_LETTERS = r"""() => {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT), faults = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (element.closest('style, script, noscript, head, .brand, .address, .tel')) { continue; }
    const language = element.closest('[lang]').lang;
    const text = node.data.replace(/Dalil|WhatsApp|SMS/g, '').replace(/(https?:\/\/)?[\w.-]+\.(ma|org|com|net|fr|int|info|gov|eu)\b\S*/g, '');
    const address = element.closest('a[dir=ltr], bdi[dir=ltr]:not([lang])');
    const stray = language === 'ar' ? (address ? null : text.match(/[A-Za-zÀ-ÿœŒ]{2,}/)) : text.match(/[\u0600-\u06ff]+/);
    if (stray) { faults.push(`${stray[0]} in lang=${language}: ${element.outerHTML.slice(0, 120)}`); }
  }
  return [...new Set(faults)];
}"""

# What makes the page wider than the screen, or has its text cut off.
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth, faults = [];
  if (document.documentElement.scrollWidth > wide) {
    for (const each of document.querySelectorAll('body *')) {
      const box = each.getBoundingClientRect();
      if (box.width && (box.right > wide + 1 || box.left < -1) && !each.closest('.unseen, .skip, svg')) {
        faults.push(`wider than ${wide}: ${each.outerHTML.slice(0, 100)}`);
      }
    }
    faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  for (const each of document.querySelectorAll('main *, header *, footer *, .exit')) {
    const style = getComputedStyle(each);
    if (style.overflow === 'hidden' && !each.closest('.unseen, .skip, .hero, svg')
        && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)) {
      faults.push(`cut off: ${each.outerHTML.slice(0, 100)}`);
    }
  }
  return faults.slice(-3);
}"""
