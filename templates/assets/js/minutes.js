// The minutes as they are written beside the session. Each text is a form of its own and works
// without this; with it, what is typed is kept while typing, recorded when the box is left, and
// the page follows the session.
//
//   <main data-minutes="SESSION" data-seq="N">
//   <form data-box="digest/ITEM"><textarea name="text"> … <span data-told data-writing="…" …>
//   <button data-phrase="…">  puts a stock phrase in at the cursor
//   <span data-saving data-saved="…" data-kept="…">  says in the strip what became of the typing

import htmx from "htmx.org";

const pause = 900; // ms after the last key until a draft is kept
const look = 4000; // ms between two looks at what changed
const again = 5000; // ms until an unsent text is tried once more

export function minutes() {
  const desk = document.querySelector("main[data-minutes]");
  if (!desk) return;
  const session = desk.dataset.minutes;
  const waiting = new Map(); // place: timer of its draft
  const unsent = new Map(); // place: text not recorded yet
  let last = null; // the box the cursor was in last

  const name = (box) => "minutes:" + session + ":" + box.dataset.box;
  const field = (box) => box.elements.text;
  const told = (box, word, state = "") => {
    const place = box.querySelector("[data-told]");
    place.textContent = word ? (place.dataset[word] ?? word) : "";
    box.classList.toggle("unsent", state === "unsent");
  };

  function saving(word, time) {
    const chip = document.querySelector("[data-saving]");
    if (!chip) return;
    chip.hidden = false;
    chip.textContent = chip.dataset[word] + (time ? " " + time : "");
  }

  const post = (path, fields) =>
    fetch(path, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ session, ...fields }),
      signal: AbortSignal.timeout(15000),
    });

  async function draft(box) {
    waiting.delete(box.dataset.box);
    try {
      const answer = await post("/minutes/drafts", { place: box.dataset.box, text: field(box).value });
      if (answer.ok) saving("saved", (await answer.json()).saved);
      else if (answer.status !== 404) saving("kept");
    } catch {
      saving("kept");
    }
  }

  async function record(box) {
    const place = box.dataset.box;
    const text = field(box).value;
    clearTimeout(waiting.get(place));
    waiting.delete(place);
    if (text === box.dataset.recorded) return;
    unsent.set(place, text);
    told(box, "writing");
    try {
      const answer = await post("/minutes/write", { place, text });
      const said = await answer.json();
      if (!answer.ok) {
        if (answer.status !== 409) throw new Error(said.message);
        unsent.delete(place); // a rule says no: the words stay, and why is told
        return told(box, said.message, "unsent");
      }
      if (unsent.get(place) === text) unsent.delete(place);
      box.dataset.recorded = text;
      keep(name(box), "");
      told(box, field(box).value === text ? "recorded" : "typing");
    } catch {
      told(box, "unsent", "unsent");
      setTimeout(() => unsent.get(place) === text && record(here(place) ?? box), again);
    }
  }

  const here = (place) => document.querySelector(`[data-box="${CSS.escape(place)}"]`);

  document.addEventListener("input", (e) => {
    const box = e.target.closest?.("[data-box]");
    if (!box) return;
    keep(name(box), e.target.value);
    told(box, "typing", "unsent");
    grow(e.target);
    clearTimeout(waiting.get(box.dataset.box));
    waiting.set(box.dataset.box, setTimeout(draft, pause, box));
  });

  document.addEventListener("focusin", (e) => {
    const box = e.target.closest?.("[data-box]");
    if (box) last = box.dataset.box;
  });

  document.addEventListener("focusout", (e) => {
    const box = e.target.closest?.("[data-box]");
    if (box && !e.relatedTarget?.closest?.("#min-phrases")) record(box);
  });

  document.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-box]")) return;
    e.preventDefault();
    record(e.target);
  });

  // The cursor stays where it is while a phrase is chosen.
  document.addEventListener("pointerdown", (e) => e.target.closest?.("#min-phrases, [popovertarget=min-phrases]") && e.preventDefault());
  document.addEventListener("click", (e) => {
    const key = e.target.closest?.("[data-phrase]");
    if (key) insert(key.dataset.phrase);
  });
  addEventListener("keydown", (e) => {
    const sheet = document.querySelector("#min-phrases:popover-open");
    if (!sheet || !/^[1-9]$/.test(e.key)) return;
    const key = sheet.querySelectorAll("[data-phrase]")[e.key - 1];
    if (!key) return;
    e.preventDefault();
    insert(key.dataset.phrase);
  }, true);

  function insert(phrase) {
    document.getElementById("min-phrases").hidePopover();
    const box = last && here(last);
    if (!box) return;
    const text = field(box);
    text.focus();
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText((before && !/\s$/.test(before) ? " " : "") + phrase, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function prepare() {
    for (const box of document.querySelectorAll("[data-box]")) {
      const text = field(box);
      box.dataset.recorded ??= box.classList.contains("unsent") ? "\0" : text.defaultValue;
      const mine = kept(name(box));
      if (mine !== null && mine !== text.value && text !== document.activeElement) {
        text.value = mine;
        told(box, "typing", "unsent");
      }
      grow(text);
    }
  }

  async function follow() {
    try {
      const answer = await fetch(`/minutes/part?session=${encodeURIComponent(session)}&seq=${desk.dataset.seq}`);
      if (answer.status === 200 && answer.headers.get("Minutes-Seq")) {
        const html = await answer.text();
        for (const box of document.querySelectorAll("[data-box]"))
          if (field(box).value !== field(box).defaultValue && field(box).value !== box.dataset.recorded) keep(name(box), field(box).value);
        desk.dataset.seq = answer.headers.get("Minutes-Seq");
        htmx.swap({ text: html, swap: "none", target: document.body, sourceElement: document.body });
        for (const box of document.querySelectorAll("[data-box]"))
          if (field(box) !== document.activeElement && !box.classList.contains("unsent")) box.dataset.recorded = field(box).defaultValue;
        prepare();
      }
    } catch {} // the next look tells
    setTimeout(follow, look);
  }

  addEventListener("online", () => unsent.forEach((_, place) => here(place) && record(here(place))));
  addEventListener("pagehide", () => {
    for (const place of waiting.keys()) {
      const box = here(place);
      if (box) navigator.sendBeacon("/minutes/drafts", new URLSearchParams({ session, place, text: field(box).value }));
    }
  });
  prepare();
  setTimeout(follow, look);
}

function grow(text) {
  text.style.height = "auto"; // set by script, which a page's policy allows
  text.style.height = text.scrollHeight + 4 + "px";
}

function keep(name, text) {
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {} // storage switched off: the room's own draft remains
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
