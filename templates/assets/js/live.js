// One stream from the room to this tablet. The server sends state, never deltas: after any
// loss the next message alone makes the screen right. Silence is a loss too, since a sleeping
// access point closes nothing; and where something on the way holds the stream back, we ask.

const beat = 2000; // ms between the room's words when nothing happens
const silence = 2 * beat; // ms without one until the stream counts as lost
const slept = 3000; // ms the tablet stood still: whatever it holds is stale
const asking = 2000; // ms between questions where the stream does not get through
const asksBeforeStream = 30;

let lastID = "";
let heardAt = 0; // when the room was last heard
let quietSince = 0; // the same, or when the connection of the moment was begun
let downAt = Infinity; // when the last connection ended, until the room is heard again
let stop = null; // ends the connection of the moment
let hurry = null; // ends the pause before the next one

// follow never ends. It tells every message by its event ("panels" where it has none), "open"
// for each new stream, "stranger" when the room does not know this seat, and "loss" in ms.
export function follow(url, tell) {
  let awake = Date.now();
  heardAt = performance.now();
  setInterval(() => {
    const stood = Date.now() - awake;
    awake = Date.now();
    const now = performance.now();
    if (stood > slept || now - quietSince > silence) stop?.();
    tell("loss", Math.max(0, now - Math.min(downAt, heardAt + 1.25 * beat)));
  }, 250);
  addEventListener("online", rejoin);
  addEventListener("pageshow", (e) => e.persisted && rejoin());
  run(url, tell);
}

// rejoin drops what there is and connects at once: the reader's own key, or the network came back.
export function rejoin() {
  stop?.();
  hurry?.();
}

async function run(url, tell) {
  let failures = 0;
  let asks = 0; // > 0: the stream is held back on the way, so ask that many times more
  for (;;) {
    const once = asks > 0;
    const { heard, silent } = await connect(once ? url + "&once=1" : url, tell);
    if (once) asks--;
    else if (silent) asks = asksBeforeStream;
    if (!(once && heard)) downAt = Math.min(downAt, performance.now());
    failures = heard ? 0 : failures + 1;
    if (once && heard) await pause(asking);
    else if (!silent) await pause(Math.min(250 * 2 ** failures, 2000) * (0.5 + Math.random() / 2));
  }
}

// connect lives as long as the stream does, and says whether anything was heard, and if not,
// whether that was because nothing came for too long.
async function connect(url, tell) {
  const cut = new AbortController();
  const outcome = { heard: false, silent: false };
  stop = () => cut.abort();
  quietSince = performance.now();
  try {
    const headers = { Accept: "text/event-stream" };
    if (lastID) headers["Last-Event-ID"] = lastID;
    const answer = await fetch(url, { headers, signal: cut.signal, cache: "no-store" });
    if (answer.status >= 500) return outcome;
    if (!answer.ok || answer.redirected) return await tell("stranger"), outcome;
    tell("open");
    for await (const message of messages(answer.body)) {
      heardAt = quietSince = performance.now();
      downAt = Infinity;
      outcome.heard = true;
      if (message.id) lastID = message.id;
      await tell(message.event, message.data);
    }
  } catch {
    outcome.silent = !outcome.heard && performance.now() - quietSince >= silence;
  } finally {
    stop = null;
  }
  return outcome;
}

async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) yield parse(block);
  }
}

function parse(block) {
  const message = { id: "", event: "panels", data: [] };
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at < 1) continue;
    const value = line.slice(at + 2);
    if (line.startsWith("data")) message.data.push(value);
    else message[line.slice(0, at)] = value;
  }
  return { ...message, data: message.data.join("\n") };
}

function pause(ms) {
  return new Promise((done) => {
    hurry = done;
    setTimeout(done, ms);
  });
}
