// Stands in for the popover attribute in browsers that came before it (Chrome 114, Safari 17).
// states.css hides a closed one and shows [data-open].

export function popovers() {
  if ("popover" in HTMLElement.prototype) return;
  document.addEventListener("click", (e) => {
    const key = e.target.closest?.("[popovertarget]");
    const inside = e.target.closest?.("[popover]");
    const target = key && document.getElementById(key.getAttribute("popovertarget"));
    const open = target && key.getAttribute("popovertargetaction") !== "hide" && !target.hasAttribute("data-open");
    if (target || !inside) close(target && inside !== target ? inside : null);
    target?.toggleAttribute("data-open", open);
  });
  document.addEventListener("keydown", (e) => e.key === "Escape" && close(null));
}

function close(except) {
  for (const one of document.querySelectorAll("[popover][data-open]")) if (one !== except) one.removeAttribute("data-open");
}
