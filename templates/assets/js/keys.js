// Two guards of the big keys. The next-step key is dead for a moment after its meaning changed,
// so that a second tap meant for the old one opens nothing; F-keys press the key that names them.
//
//   <button data-label-key="close-vote-7">   a new value means a new meaning
//   <button data-fkey="F4"> is pressed, <textarea data-fkey="F2"> gets the cursor

const rest = 1500;

export function keys() {
  const meaning = new Map(); // by the key's id
  const deadUntil = new Map();

  function look() {
    for (const key of document.querySelectorAll("[data-label-key]")) {
      const now = key.dataset.labelKey;
      const before = meaning.get(key.id);
      meaning.set(key.id, now);
      if (before === undefined || before === now) continue;
      deadUntil.set(key.id, performance.now() + rest);
      setTimeout(look, rest + 20);
    }
    for (const key of document.querySelectorAll("[data-label-key]")) key.toggleAttribute("data-resting", resting(key));
  }

  function resting(key) {
    return performance.now() < (deadUntil.get(key.id) ?? 0);
  }

  // Capture, so that neither htmx nor the form hears of the press.
  addEventListener("click", (e) => {
    const key = e.target.closest?.("[data-label-key]");
    if (key && resting(key)) stop(e);
  }, true);

  addEventListener("keydown", (e) => {
    if (!/^F\d+$/.test(e.key) || e.repeat || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const key = document.querySelector(`[data-fkey="${e.key}"]`);
    if (!key) return;
    stop(e);
    if (key.matches("textarea, input")) key.focus();
    else if (!key.disabled) key.click();
  }, true);

  look();
  return { look };
}

function stop(e) {
  e.preventDefault();
  e.stopImmediatePropagation();
}
