// Files sent to the room in pieces. After a lost line, or when the same file is chosen again on a
// page loaded anew, the room says how far it came and it goes on from there.
//
//   <form data-uploads="ITEM" data-replaces="PAPER"> with <input type="file">; files and folders
//       dropped on it, or anywhere in the [data-drop-here] round it, are taken too
//   <ul data-sent data-going="…"> in it: a line a file, made of <template data-row>; its words

const piece = 4 << 20; // bytes; what arrived of one is never sent again
const pauses = [1000, 2000, 5000]; // ms between tries while the line is lost
const stuck = 120000; // ms for one piece; a line that dies in silence is not waited for longer
const litter = /^(\.|~\$)|^(thumbs\.db|desktop\.ini)$/i; // left by computers, not papers

const queue = []; // one file after the other: the first is there the sooner
let busy = false;

export function upload() {
  document.addEventListener("change", (e) => {
    const form = e.target.form;
    if (!form?.matches("[data-uploads]") || !e.target.files?.length) return;
    take(form, [...e.target.files]);
    form.reset();
  });
  document.addEventListener("dragover", (e) => {
    if ([...e.dataTransfer.types].includes("Files")) formAt(e)?.setAttribute("data-over", "");
  });
  document.addEventListener("drop", async (e) => {
    const form = formAt(e);
    if (!form) return;
    form.removeAttribute("data-over");
    take(form, await dropped(e.dataTransfer));
  });
  addEventListener("beforeunload", (e) => busy && e.preventDefault());
}

function formAt(e) {
  const place = e.target.closest?.("[data-uploads], [data-drop-here]");
  return place?.matches("[data-uploads]") ? place : place?.querySelector("form[data-uploads]");
}

// dropped are the files of a drop, those inside its folders too. Entries must be taken before the
// event ends; browsers without them give files alone.
async function dropped(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...data.files];
  return (await Promise.all(entries.map(inside))).flat();
}

async function inside(entry) {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail)); // at most 100 at a time
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(inside))).flat();
}

function take(form, files) {
  const papers = files.filter((file) => !litter.test(file.name));
  const { uploads: item, replaces = "" } = form.dataset;
  for (const file of replaces ? papers.slice(0, 1) : papers) queue.push({ file, item, replaces, line: line(form, file) });
  if (!busy) run();
}

async function run() {
  busy = true;
  for (let job = queue.shift(); job; job = queue.shift()) {
    try {
      job.line.end(await send(job), true);
    } catch (why) {
      job.line.end(why.sentence ?? job.line.words.failed, false);
    }
  }
  busy = false;
}

// send tries until the room has the file or says no. A refusal is thrown as its sentence.
async function send({ file, item, replaces, line }) {
  if (!file.size) throw { sentence: line.words.empty };
  for (let tries = 0; ; ) {
    try {
      const { id, offset } = await begin({ item, replaces, file: file.name, size: file.size, modified: file.lastModified });
      line.from(offset);
      for (let at = offset; at < file.size; ) {
        at = await append(id, at, file.slice(at, at + piece));
        line.at(at);
        tries = 0;
      }
      return line.words.done;
    } catch (why) {
      if (why.sentence) throw why;
      line.lost();
      await new Promise((done) => setTimeout(done, pauses[Math.min(tries++, pauses.length - 1)]));
    }
  }
}

async function begin(what) {
  const answer = await ask("/uploads", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

// append sends one piece and says where the next begins: 409 tells that it is not where we thought.
async function append(id, at, body) {
  const answer = await ask("/uploads/" + encodeURIComponent(id), { method: "PATCH", headers: { "Upload-Offset": at }, body });
  const next = answer.headers.get("Upload-Offset");
  if (next === null || !(answer.ok || answer.status === 409)) throw await refusal(answer);
  return Number(next);
}

function ask(path, request) {
  return fetch(path, { ...request, signal: AbortSignal.timeout(stuck), headers: { Accept: "application/json", ...request.headers } });
}

// refusal is the room's sentence; a room that stumbles or restarts is asked again.
async function refusal(answer) {
  if ([404, 500, 502, 503, 504].includes(answer.status)) return new Error(answer.statusText);
  const said = await answer.json().catch(() => ({}));
  return { sentence: said.message ?? "" };
}

// line is what a file's row shows: how much is there, how fast, how long yet.
function line(form, file) {
  const list = form.querySelector("[data-sent]");
  const row = form.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  const [name, says, bar] = row.children;
  const words = list.dataset;
  let start = 0; // bytes that were there before
  let got = 0;
  let began = 0;
  name.textContent = file.name;
  says.textContent = words.waiting;
  list.append(row);
  const fill = (text, left = "", rate = "") =>
    text.replace("{got}", bytes(got)).replace("{size}", bytes(file.size)).replace("{rate}", rate).replace("{left}", left);
  return {
    words,
    from(offset) {
      start = got = offset;
      began = performance.now();
    },
    at(offset) {
      got = offset;
      const rate = (1000 * (got - start)) / Math.max(1, performance.now() - began);
      bar.value = (100 * got) / file.size;
      says.textContent = fill(words.going, lasts(words, (file.size - got) / rate), bytes(rate));
    },
    lost: () => (says.textContent = fill(words.lost)),
    end(sentence, well) {
      says.textContent = sentence;
      bar.hidden = true;
      row.className = well ? "well" : "failed";
      if (well) setTimeout(() => row.remove(), 8000);
    },
  };
}

function lasts(words, seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 2 ? words.seconds.replace("{n}", Math.max(1, Math.ceil(seconds))) : words.minutes.replace("{n}", minutes);
}

function bytes(n) {
  const [unit, power] = n >= 1 << 20 ? ["MB", 20] : ["KB", 10];
  const digits = { maximumFractionDigits: power === 20 ? 1 : 0 };
  return (n / 2 ** power).toLocaleString("vi", digits) + " " + unit;
}
