// Time as the room tells it. A tablet's own clock may be hours wrong, so only its stopwatch
// (performance.now) is used, set by what the server last said.
//
//   <body data-clock="MS" data-now="UNIXMS">   the room's clock and its time of day when drawn
//   <span class="digits" data-ends="MS">       what is left until that moment of the room's clock
//   <progress max="MS" data-ends="MS">         how much of the allowance is used up
//   <b data-since="MS">                        whole minutes since that moment
//   <div data-until="MS">                      is hidden from that moment on
//   <span class="digits" data-clock>           the time of day, hh:mm

const low = 30000;
const vietnam = 7 * 3600000;
const day = 24 * 3600000;

export function clock() {
  // The room's clock and its time of day minus this tablet's stopwatch; a message that was
  // held up makes them too small, so the largest since the stream opened is the best known.
  let clockAt = -Infinity;
  let nowAt = -Infinity;

  function set({ clock, now }) {
    const here = performance.now();
    clockAt = Math.max(clockAt, clock - here);
    nowAt = Math.max(nowAt, now - here);
    draw();
  }

  function restart() {
    clockAt = nowAt = -Infinity;
  }

  function draw() {
    if (clockAt === -Infinity) return;
    const here = performance.now();
    for (const place of document.querySelectorAll("[data-ends]")) {
      const left = Number(place.dataset.ends) - (clockAt + here);
      if (place.localName === "progress") fill(place, left);
      else count(place, left);
    }
    for (const place of document.querySelectorAll("[data-since]")) {
      word(place, String(Math.max(0, Math.floor((clockAt + here - Number(place.dataset.since)) / 60000))));
    }
    for (const place of document.querySelectorAll("[data-until]")) place.hidden = clockAt + here >= Number(place.dataset.until);
    const now = (nowAt + here + vietnam) % day;
    for (const place of document.querySelectorAll("[data-clock]:not(body)")) figures(place, pair(now / 3600000, now / 60000));
  }

  const { clock, now } = document.body.dataset;
  if (clock) set({ clock: Number(clock), now: Number(now) });
  setInterval(draw, 250);
  return { set, restart, draw };
}

function fill(bar, left) {
  bar.value = bar.max - left;
  bar.classList.toggle("low", left < low);
}

function count(place, left) {
  // Counting down shows the second that is running, counting up the seconds that are full.
  const seconds = left > 0 ? Math.ceil(left / 1000) : Math.floor(-left / 1000);
  place.classList.toggle("low", left < low);
  place.classList.toggle("over-time", left <= 0);
  figures(place, pair(seconds / 60, seconds, 1000));
}

function pair(large, small, most = 60) {
  return two(large % most) + ":" + two(small % 60);
}

function two(n) {
  return String(Math.floor(n)).padStart(2, "0");
}

// figures draws in cells, touching only those that changed.
function figures(place, text) {
  while (place.children.length > text.length) place.lastChild.remove();
  [...text].forEach((figure, i) => {
    const cell = place.children[i] ?? place.appendChild(document.createElement("i"));
    if (word(cell, figure)) cell.className = figure === ":" ? "colon" : "";
  });
}

function word(place, text) {
  if (place.textContent === text) return false;
  place.textContent = text;
  return true;
}
