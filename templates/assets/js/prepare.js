// The pages on which a session is prepared. They work without this: a chosen
// file then waits for its key, seats are chosen one list at a time, and printing
// is the browser's own command.
//
//   <form data-drop><input type="file"><progress hidden></form>  sends itself when files are chosen or
//       dropped on it, or anywhere in the [data-drop-here] round it; shows how far it is
//   <form data-plan> with a <select> a seat: somebody chosen who sits elsewhere changes places
//   <form data-again>: after it was sent its first field has the focus again
//   <main data-needed="words">: what an empty field that is needed says
//   <button data-print>: prints the page

import htmx from "htmx.org";

export function prepare() {
  document.addEventListener("change", (e) => {
    const form = e.target.form;
    if (form?.matches("[data-drop]") && e.target.files?.length) send(form);
    if (form?.matches("[data-plan]") && e.target.tagName === "SELECT") seat(form, e.target);
  });
  document.addEventListener("click", (e) => e.target.closest?.("[data-print]") && window.print());
  drops();
  again();
  needed();
}

// needed says in the page's language what the browser would say in its own.
function needed() {
  const words = document.querySelector("[data-needed]")?.dataset.needed;
  if (!words) return;
  document.addEventListener("invalid", (e) => e.target.validity.valueMissing && e.target.setCustomValidity(words), true);
  document.addEventListener("input", (e) => e.target.setCustomValidity?.(""));
}

// A file that misses its place must not take the browser away from the page.
function drops() {
  const over = (e) => e.target.closest?.("[data-drop-here], [data-drop]");
  document.addEventListener("dragover", (e) => {
    if (![...e.dataTransfer.types].includes("Files")) return;
    e.preventDefault();
    const form = formIn(over(e));
    for (const other of document.querySelectorAll("[data-over]")) if (other !== form) other.removeAttribute("data-over");
    form?.setAttribute("data-over", "");
  });
  document.addEventListener("drop", (e) => {
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    const form = formIn(over(e));
    if (!form) return;
    const chosen = new DataTransfer();
    const input = form.querySelector("input[type=file]");
    for (const file of input.multiple ? e.dataTransfer.files : [e.dataTransfer.files[0]]) chosen.items.add(file);
    input.files = chosen.files;
    send(form);
  });
}

function formIn(place) {
  return place?.matches("[data-drop]") ? place : place?.querySelector(".drop[data-drop]");
}

// send posts a form's files and puts the page that comes back into this one.
function send(form) {
  const words = form.querySelector("[data-sending]");
  const bar = form.querySelector("progress");
  const before = words.textContent;
  form.removeAttribute("data-over");
  form.setAttribute("data-busy", "");
  words.textContent = words.dataset.sending;
  const request = new XMLHttpRequest();
  request.upload.onprogress = (e) => {
    if (!bar || !e.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * e.loaded) / e.total;
  };
  const end = (sentence) => {
    form.removeAttribute("data-busy");
    form.reset();
    words.textContent = before;
    if (bar) bar.hidden = true;
    const notice = document.getElementById("notice");
    if (sentence && notice) {
      notice.innerHTML = '<p class="banner"></p>';
      notice.firstChild.textContent = sentence;
    }
  };
  request.onerror = () => end(document.getElementById("notice")?.dataset.unsent);
  request.onload = () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!page.querySelector("main")) return end(document.getElementById("notice")?.dataset.fault);
    for (const part of ["#notice", "main", ".actions"]) {
      const [now, next] = [document.querySelector(part), page.querySelector(part)];
      if (now && next) now.replaceWith(next);
    }
    htmx.process(document.body);
  };
  request.open("POST", form.action);
  request.send(new FormData(form));
}

// seat keeps the plan whole: whoever is chosen leaves their old seat to whoever
// sat here.
function seat(form, here) {
  const lists = [...form.querySelectorAll("select")];
  const was = here.dataset.was ?? before(here);
  if (here.value) {
    const old = lists.find((l) => l !== here && l.value === here.value);
    if (old) {
      old.value = was;
      show(old);
    }
  }
  show(here);
}

function before(list) {
  return [...list.options].find((o) => o.defaultSelected)?.value ?? "";
}

function show(list) {
  list.dataset.was = list.value;
  const cell = list.closest("td");
  cell.querySelector("[data-sits]").textContent = list.selectedOptions[0].textContent;
  cell.classList.toggle("free", !list.value);
  cell.classList.toggle("moved", list.value !== before(list));
}

// again puts the focus back into a form that was just sent, so that a list is
// typed without the mouse. Where a page may keep nothing, the mouse serves.
function again() {
  document.addEventListener("submit", (e) => {
    if (e.target.matches("[data-again]")) lastForm(location.pathname);
  });
  if (lastForm("") === location.pathname) document.querySelector("[data-again] input:not([type=hidden])")?.focus();
}

function lastForm(now) {
  try {
    const was = sessionStorage.getItem("again");
    sessionStorage.setItem("again", now);
    return was;
  } catch {
    return null;
  }
}
