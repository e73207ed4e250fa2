// What a page does with the room's stream. Every word it shows comes from the page.

import htmx from "htmx.org";
import { follow, rejoin } from "./live.js";
import { ballots } from "./ballot.js";
import { clock } from "./clock.js";
import { keys } from "./keys.js";
import { drafts } from "./drafts.js";
import { popovers } from "./popovers.js";
import { prepare } from "./prepare.js";
import { upload } from "./upload.js";
import { minutes } from "./minutes.js";
import { reader } from "./reader.js";

Object.assign(htmx.config, {
  history: false,
  includeIndicatorCSS: false,
  noSwap: [204, 304, "4xx", "5xx"],
  morphIgnore: ["data-htmx-powered", "open", "data-open"], // what the reader opened stays open
  defaultTimeout: 15000,
});

const quick = 2000; // ms: a loss shorter than this is not worth a word
const long = 10000; // ms: from here on the banner says what still works

const room = clock();
const sheet = ballots(say);
const key = keys();
const draft = drafts();
popovers();
prepare();
upload();
minutes();
reader();

const hear = {
  panels: (html) => htmx.swap({ text: html, swap: "none", target: document.body, sourceElement: document.body }),
  tick: (data) => room.set(JSON.parse(data)),
  ballot: (data) => sheet.stands(JSON.parse(data)),
  go: (path) => location.replace(path),
  open: () => room.restart(),
  loss: showLoss,
  stranger: async () => {
    await new Promise((done) => setTimeout(done, 1500));
    location.reload();
  },
};

document.addEventListener("htmx:after:swap", () => {
  room.draw();
  sheet.draw();
  key.look();
  draft.restore();
});
// A part that asks by itself again and again wipes no sentence away, and complains of nothing.
const quiet = (e) => e.detail.ctx?.sourceElement?.matches("[data-quiet]");
document.addEventListener("htmx:before:request", (e) => quiet(e) || say(""));
document.addEventListener("htmx:response:error", (e) => quiet(e) || refused(e.detail.ctx));
document.addEventListener("htmx:error", (e) => quiet(e) || say(notice()?.dataset.unsent));
document.addEventListener("click", (e) => e.target.closest?.("[data-rejoin]") && rejoin());

const stream = document.body.dataset.live;
const page = document.body.dataset.at ?? "";
if (stream) follow("/live?screen=" + encodeURIComponent(stream) + "&at=" + encodeURIComponent(page), (event, data) => hear[event]?.(data));

function notice() {
  return document.getElementById("notice");
}

// say puts one sentence, as text, where refusals stand; an empty one clears it.
function say(sentence) {
  const place = notice();
  if (!place || (!sentence && !place.firstChild)) return;
  const band = document.createElement("p");
  band.className = "banner";
  band.append(sentence ?? "");
  place.replaceChildren(...(sentence ? [band] : []));
}

// A refusal comes as the room's own small piece of page; anything else gets the page's own words.
function refused({ text, response }) {
  const html = response.headers.get("Content-Type")?.startsWith("text/html");
  if (!html || !notice()) return say(notice()?.dataset.fault);
  htmx.swap({ text, swap: "innerHTML", target: notice(), sourceElement: document.body });
}

// A loss is said by the chip after a moment, and by the banner when it lasts.
function showLoss(ms) {
  const state = ms < quick ? "live" : ms < long ? "rejoining" : "lost";
  const chip = document.getElementById("link");
  if (chip && chip.dataset.state !== state) {
    chip.hidden = false;
    chip.dataset.state = state;
    chip.classList.remove("live", "rejoining", "lost");
    chip.classList.add(state);
    chip.lastElementChild.textContent = chip.dataset[state];
  }
  const banner = document.getElementById("lost");
  if (banner) banner.hidden = state !== "lost";
}
