// What is being typed is kept on this tablet until the room has accepted it, so that neither a
// lost line nor a closed lid costs a sentence.
//
//   <textarea data-draft="note-3"> inside a form with hx-post

export function drafts() {
  document.addEventListener("input", (e) => {
    const { draft } = e.target.dataset;
    if (draft) keep(draft, e.target.value);
  });

  document.addEventListener("htmx:after:request", (e) => {
    const { sourceElement: form, response } = e.detail.ctx;
    const fields = form.matches("form") ? form.querySelectorAll("[data-draft]") : [];
    if (!fields.length || response.status >= 300) return;
    for (const field of fields) keep(field.dataset.draft, "");
    form.reset();
  });

  function restore() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const text = kept(field.dataset.draft);
      if (text && field.value === field.defaultValue && field !== document.activeElement) field.value = text;
    }
  }

  restore();
  return { restore };
}

function keep(name, text) {
  try {
    if (text) localStorage.setItem("draft:" + name, text);
    else localStorage.removeItem("draft:" + name);
  } catch {} // storage switched off: typing works, only the copy is missing
}

function kept(name) {
  try {
    return localStorage.getItem("draft:" + name);
  } catch {
    return null;
  }
}
