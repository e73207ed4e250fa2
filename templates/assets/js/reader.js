// A paper, page by page. The room draws every part; this turns pages without loading the whole
// page again, has the next and the last one ready before they are asked for, and makes the
// picture larger. Whatever it cannot do, the links and forms of the page still do.
//
// A line has room for one picture at a time: whatever else is fetched waits for the one in view.

import { fingers } from "./fingers.js";

const levels = ["page", "width", 1.5, 2];
const beyond = 1.5; // from here on the finer picture is worth its bytes
const waits = 1500; // ms until a picture that did not come is asked for again

export function reader() {
  const root = document.getElementById("reader");
  if (!root) return;
  const parts = new Map(); // by page: what the room said of it
  const keep = "phonghop.page/" + root.dataset.keep;
  const desk = () => document.getElementById("leaf");
  const page = () => Number(desk().dataset.page);
  const total = () => Number(desk().dataset.total);
  let asked = page(); // the page that was asked for last
  let level = levels.findIndex((l) => String(l) === stored("phonghop.zoom"));
  let scale = 0; // by two fingers; 0: the level says
  if (level < 0) level = innerWidth > innerHeight ? 1 : 0;

  document.getElementById("zooms").hidden = false;
  document.getElementById("thumbs").hidden = total() < 2; // its place, so that the page does not move aside later
  addEventListener("click", (e) => {
    const to = e.target.closest?.("[data-leaf]");
    const zoom = e.target.closest?.("[data-zoom]");
    const run = e.target.closest?.("[data-run]");
    if (!(to || run) || e.ctrlKey || e.metaKey || e.shiftKey) return zoom?.matches("button") && step(Number(zoom.dataset.zoom));
    e.preventDefault();
    if (to) leaf(Number(to.dataset.leaf));
    else strip(Number(run.dataset.run));
  });
  addEventListener("submit", (e) => {
    const field = e.target.closest?.("#pager form")?.elements.page;
    if (!field) return;
    e.preventDefault();
    field.blur();
    leaf(Number(field.value) || page());
  });
  addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || covered() || e.target.matches?.("input,textarea,select")) return;
    const to = { ArrowRight: asked + 1, PageDown: asked + 1, ArrowLeft: asked - 1, PageUp: asked - 1, Home: 1, End: total() || asked }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    if (!(e.key.startsWith("Page") && further(to - asked))) leaf(to);
  });
  fingers(root, {
    swipe: (by) => leaf(asked + by),
    pinch: (by) => ((scale = Math.min(4, Math.max(0.4, (scale || width()) * by))), zoomed()),
  });
  document.addEventListener("htmx:after:swap", () => document.querySelector(".recalled") && desk()?.replaceChildren());

  const asks = new URLSearchParams(location.search);
  const last = Number(stored(keep));
  const back = !asks.has("page") && Math.min(last, total() || last) > 1;
  shown(0, back);
  if (back) leaf(last);

  // leaf turns to a page: at once where it is ready.
  async function leaf(to) {
    const most = total() || Infinity;
    to = Math.max(1, Math.min(to, most));
    if (to === page() && to === asked) return;
    asked = to;
    const part = await ask(to, true);
    if (asked !== to) return;
    if (!part) return void (asked = page());
    const { activeElement: held } = document;
    const left = desk().scrollLeft;
    const key = held.closest("#pager") && held.getAttribute("rel");
    const reading = held === desk();
    desk().replaceWith(part.leaf.cloneNode(true));
    document.getElementById("pager").replaceWith(part.pager.cloneNode(true));
    asked = page(); // the room knows the last page
    shown(left);
    if (key || reading) (document.querySelector(`#pager [rel="${key}"]`) ?? desk()).focus({ preventScroll: true });
  }

  // further moves within a page that is larger than its place, until its end.
  function further(by) {
    const now = desk();
    const rest = by > 0 ? now.scrollHeight - now.clientHeight - now.scrollTop : now.scrollTop;
    if (rest > 4) now.scrollBy(0, by * 0.9 * now.clientHeight);
    return rest > 4;
  }

  async function ask(n, meant) {
    if (parts.has(n)) return parts.get(n);
    const address = here(n);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (answer.status >= 500) return null;
      if (!answer.ok || answer.redirected) return meant && location.assign(address), null; // the room says why
      const html = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = { leaf: document.adoptNode(html.getElementById("leaf")), pager: document.adoptNode(html.getElementById("pager")) };
      if (settled(part.leaf)) parts.set(n, part);
      for (const old of [...parts.keys()].slice(0, -12)) parts.delete(old);
      return part;
    } catch {
      return null; // the banner of the lost line says it
    }
  }

  // shown does what follows a page that stands on the desk: it shows the words that were found, or
  // begins at the top, as far to the left as the page before. leaving: another page is on its way.
  function shown(left, leaving) {
    const now = desk();
    zoomed();
    const found = now.querySelector(".found-mark")?.getBoundingClientRect();
    const place = now.getBoundingClientRect();
    if (found) now.scrollBy(found.x + (found.width - place.width) / 2 - place.x, found.y - place.height / 3 - place.y);
    else now.scrollTo(left, 0);
    if (leaving) return;
    store(keep, page());
    history.replaceState(null, "", here(page()));
    mark();
    const picture = now.querySelector("image");
    if (!picture) return beside(now);
    const probe = new Image(); // it comes with the one in the page, and tells even when that is there already
    probe.onload = () => (now.classList.add("ready"), beside(now));
    probe.onerror = () => setTimeout(again, waits, now);
    probe.src = picture.getAttribute("href");
  }

  // beside gets what may be wanted next.
  function beside(stood) {
    if (!stood.isConnected) return;
    const n = page();
    for (const next of [n + 1, n - 1]) if (next >= 1 && !(total() && next > total())) ready(next);
    if (!total()) setTimeout(count, waits, stood);
    else if (total() > 1 && !document.querySelector(`#thumbs [data-leaf="${n}"] img`)) strip(n);
  }

  // count asks again how many pages there are, until the room knows.
  async function count(stood) {
    if (!stood.isConnected) return;
    parts.clear();
    const part = await ask(page());
    const pager = document.getElementById("pager");
    if (!stood.isConnected) return;
    if (!Number(part?.leaf.dataset.total) || pager.contains(document.activeElement)) return setTimeout(count, waits, stood);
    stood.dataset.total = part.leaf.dataset.total;
    pager.replaceWith(part.pager.cloneNode(true));
    beside(stood);
  }

  // again asks for a page whose picture did not come.
  async function again(stood) {
    if (!stood.isConnected) return;
    const n = page();
    parts.delete(n);
    const part = await ask(n);
    if (!stood.isConnected) return;
    if (!part) return setTimeout(again, waits, stood);
    stood.replaceWith(part.leaf.cloneNode(true));
    document.getElementById("pager").replaceWith(part.pager.cloneNode(true));
    shown(0);
  }

  // ready has a page and its picture here before it is asked for.
  async function ready(n) {
    const part = await ask(n);
    const picture = part?.leaf.querySelector("image");
    if (part && settled(part.leaf)) new Image().src = picture.getAttribute("href");
  }

  function here(n) {
    const address = new URL(desk().dataset.here, location.href);
    address.searchParams.set("page", n);
    return address.pathname + address.search;
  }

  function step(by) {
    level = Math.max(0, Math.min(level + by, levels.length - 1));
    scale = 0;
    if (!Number(levels[level])) store("phonghop.zoom", levels[level]); // how large one page was needed says nothing of the next paper
    zoomed();
  }

  // zoomed lays the picture out, and gets the finer one where it would show.
  function zoomed() {
    const now = desk();
    const sheet = now.querySelector("svg.page-sheet");
    const by = scale || (typeof levels[level] === "number" ? levels[level] : 0);
    now.dataset.zoom = by ? "free" : levels[level];
    document.getElementById("zoom-says").textContent =
      by ? Math.round(by * 100) + " %" : levels[level] === "page" ? root.dataset.narrow : root.dataset.wide;
    if (!sheet) return;
    const middle = (now.scrollLeft + now.clientWidth / 2) / Math.max(now.scrollWidth, 1);
    const height = now.scrollTop / Math.max(now.scrollHeight, 1);
    sheet.style.width = by ? by * 100 + "%" : "";
    now.scrollTo(middle * now.scrollWidth - now.clientWidth / 2, height * now.scrollHeight);
    if (by > beyond && now.dataset.fine) finer(now, sheet);
  }

  function finer(now, sheet) {
    const fine = new Image();
    fine.onload = () => sheet.querySelector("image")?.setAttribute("href", fine.src);
    fine.src = now.dataset.fine;
    now.dataset.fine = "";
  }

  function width() {
    const sheet = desk().querySelector("svg.page-sheet");
    const [, , w, h] = (sheet?.getAttribute("viewBox") ?? "0 0 1 1").split(" ").map(Number);
    const box = sheet?.getBoundingClientRect();
    return box ? Math.min(box.width, (box.height * w) / h) / Math.max(desk().clientWidth, 1) : 1;
  }

  async function strip(n) {
    const nav = document.getElementById("thumbs");
    try {
      const answer = await fetch(root.dataset.strip + "&page=" + n, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const html = new DOMParser().parseFromString(await answer.text(), "text/html");
      nav.replaceChildren(...[...html.body.childNodes].map((x) => document.adoptNode(x)));
      nav.hidden = nav.querySelectorAll("[data-leaf]").length < 2;
      nav.scrollTo(0, 0);
      mark();
    } catch {} // pages are turned without it
  }

  // mark shows in the strip where the reader is.
  function mark() {
    const nav = document.getElementById("thumbs");
    const at = nav.querySelector(`[data-leaf="${page()}"]`);
    for (const a of nav.querySelectorAll("[aria-current]")) a.removeAttribute("aria-current");
    at?.setAttribute("aria-current", "page");
    at?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

// settled: a page whose picture has the name of its bytes stays as it is.
function settled(leaf) {
  return (leaf.querySelector("image")?.getAttribute("href") ?? "").split("?")[0].split("/").length > 5;
}

function covered() {
  return document.querySelector("#sheet:not(:empty) .ballots") !== null;
}

// A browser that keeps nothing forgets the page, and no more.
function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {}
}
