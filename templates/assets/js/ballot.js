// A ballot's three keys: tapped, being written, recorded. A key says ĐÃ GHI only when the room
// answered with the ballot that stands, and shows what that receipt says, never what was tapped.
// Each tap has its number n; the same n is sent until it is answered, and a newer tap takes over.
//
//   <form data-ballot action="/votes/ID/ballot" data-writing="ĐANG GHI…" data-recorded="ĐÃ GHI" data-other="Chạm để đổi">
//     <input type="hidden" name="n" value="NEXT"> three <button name="choice" value="for"> with .glyph .word .say
//   [data-show="idle|writing|late|help|refused|recorded …"]  seen only in these states of the ballot
//   [data-fill="time|code|choice|glyph|message"]             from the receipt or the refusal; [data-again] tries at once

const ms = { wait: 1500, pause: 150, longestPause: 1200, late: 3000, help: 5000 };

export function ballots(say) {
  let vote = ""; // the form's action: whose ballots these are
  let newest = 0; // the highest n tapped or answered
  let tap = null; // sent and not answered: {n, choice, phase}
  let receipt = null; // the ballot that stands, as the room last answered
  let refusal = "";
  let again = null; // ends the pause between two tries
  let unwrite = () => {}; // gives the key that is being written its looks back

  document.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-ballot]") || !e.submitter) return;
    e.preventDefault();
    cast(e.target, e.submitter.value);
  });
  document.addEventListener("click", (e) => e.target.closest?.("[data-again]") && again?.());
  return { draw, stands };

  function cast(form, choice) {
    forgetOther(form);
    newest = Math.max(newest, serverN(form) - 1, lastTap(vote)) + 1;
    lastTap(vote, newest);
    [tap, refusal] = [{ n: newest, choice, phase: "writing" }, ""];
    late(tap);
    send(tap);
    draw();
  }

  function late(mine) {
    const turn = (phase) => tap === mine && ((mine.phase = phase), draw());
    setTimeout(turn, ms.late, "late");
    setTimeout(turn, ms.help, "help");
  }

  async function send(mine) {
    const action = vote;
    for (let pause = ms.pause; tap === mine; pause = Math.min(2 * pause, ms.longestPause)) {
      const answer = await post(action, mine);
      if (tap !== mine) return; // a newer tap, or the page knows better by now
      if (answer) return settle(answer);
      await new Promise((done) => {
        again = done;
        setTimeout(done, pause);
      });
    }
  }

  function settle(answer) {
    tap = null;
    receipt = answer.refused ? answer.ballot ?? receipt : answer;
    refusal = answer.refused ? answer.message : "";
    newest = Math.max(newest, receipt?.n ?? 0);
    draw();
  }

  // stands takes the ballot that the stream brings in place of a sheet drawn again.
  function stands(answer) {
    const form = document.querySelector("form[data-ballot]");
    if (form) forgetOther(form);
    if (form?.dataset.ballot !== answer.vote || answer.n < newest) return;
    settle(answer);
    form.elements.n.value = answer.n + 1; // as the server would have drawn it
  }

  // draw lays what is known here over what the server drew, until the server knows it too.
  function draw() {
    const form = document.querySelector("form[data-ballot]");
    if (form) forgetOther(form);
    if (form && serverN(form) > newest) tap = receipt = null;
    if (refusal && !(form && document.querySelector('[data-fill="message"]'))) {
      say(refusal);
      refusal = "";
    }
    if (!form) return;
    unwrite();
    if (receipt) record(form, receipt);
    if (tap) unwrite = write(form, tap);
    const phase = tap?.phase ?? (refusal ? "refused" : receipt && "recorded");
    if (!phase) return;
    fill("message", refusal);
    for (const part of document.querySelectorAll("[data-show]")) part.hidden = !part.dataset.show.split(" ").includes(phase);
  }

  function forgetOther(form) {
    const action = form.getAttribute("action");
    if (action !== vote) [vote, newest, tap, receipt, refusal] = [action, 0, null, null, ""];
  }
}

// post returns the room's answer, or nothing where there was none.
async function post(action, { choice, n }) {
  const cut = new AbortController();
  const late = setTimeout(() => cut.abort(), ms.wait);
  try {
    const body = new URLSearchParams({ choice, n });
    const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" }, signal: cut.signal });
    if (answer.status >= 500) return null;
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return location.reload(); // another seat's page by now
    return { ...(answer.ok ? {} : { refused: answer.status }), ...(await answer.json()) };
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

function record(form, receipt) {
  const time = receipt.clock ?? receipt.at.slice(11, 19);
  for (const key of form.querySelectorAll("button[name=choice]")) {
    const stands = key.value === receipt.choice;
    mark(key, stands ? "recorded" : "other", stands ? form.dataset.recorded + " " + time : form.dataset.other);
  }
  const key = keyOf(form, receipt.choice);
  fill("time", time);
  fill("code", receipt.code);
  fill("choice", key?.querySelector(".word").textContent);
  fill("glyph", key?.querySelector(".glyph").cloneNode(true));
}

function write(form, { choice }) {
  const key = keyOf(form, choice);
  const was = [key.dataset.state ?? "", key.querySelector(".say").textContent];
  mark(key, "writing", form.dataset.writing);
  return () => key.dataset.state === "writing" && mark(key, ...was);
}

function mark(key, state, words) {
  key.dataset.state = state;
  key.ariaPressed = state === "recorded" ? "true" : null;
  key.querySelector(".say").textContent = words;
}

function fill(name, what) {
  for (const place of document.querySelectorAll(`[data-fill="${name}"]`)) place.replaceChildren(what ?? "");
}

const keyOf = (form, choice) => form.querySelector(`button[name=choice][value="${CSS.escape(choice)}"]`);
const serverN = (form) => Number(form.elements.n.value);

// A page opened anew must not use a number again that an unanswered tap still carries.
function lastTap(vote, n) {
  try {
    if (n) sessionStorage.setItem(vote, n);
    return Number(sessionStorage.getItem(vote));
  } catch {
    return 0; // storage is switched off; the room's own count still orders the taps
  }
}
