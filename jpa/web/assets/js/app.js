// Behaviour that every page shares: keys, confirmation, progress. No data is kept in the browser.
// Loaded before the page is drawn: no click or key comes too early to be asked back.
const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") {
    document.querySelector("[data-ctrl-enter]")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("#find")?.focus();
    return;
  }
  if (event.key === "?") {
    showKeys();
    return;
  }
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

function showKeys() {
  const dialog = document.querySelector("#keys");
  if (!dialog) return;
  const list = dialog.querySelector("dl");
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-key]")) {
    const term = document.createElement("dt");
    term.textContent = element.dataset.key.toUpperCase();
    const what = document.createElement("dd");
    what.textContent = element.dataset.label || element.textContent.trim();
    list.append(term, what);
  }
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.script === "awaited") {
    event.preventDefault(); // its own script, that asks back or sends by itself, has not come yet
    return;
  }
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    const dialog = document.querySelector("#confirm");
    dialog.querySelector("p").textContent = form.dataset.confirm.replace(/\{(\w+)\}/g, (whole, name) => chosen(form, name) ?? whole);
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") {
        form.dataset.confirmed = "1";
        form.requestSubmit(event.submitter ?? undefined);
      }
    }, { once: true });
  }
});

// What stands in a field, in words: a confirmation names what was chosen.
function chosen(form, name) {
  const field = form.elements.namedItem(name);
  return field ? (field.selectedOptions?.[0]?.textContent ?? field.value).trim() : undefined;
}

// Long work: the fragment asks for itself again until the server says it has ended.
async function poll(element) {
  await new Promise((resolve) => setTimeout(resolve, 800));
  try {
    const answer = await fetch(element.dataset.poll, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-poll], [data-done]");
    if (!fresh) return;
    element.replaceWith(fresh);
    if (fresh.dataset.poll) poll(fresh);
    else if (fresh.dataset.done) location.assign(fresh.dataset.done);
  } catch {
    poll(element);
  }
}

// Grading: the codes of the chosen scheme alone.
function showScheme() {
  const scheme = document.querySelector("#f-scheme");
  if (!scheme) return;
  for (const group of document.querySelectorAll("optgroup[data-scheme]")) group.hidden = group.dataset.scheme !== scheme.value;
  for (const select of document.querySelectorAll("#f-gs, #f-gi")) {
    if (select.selectedOptions[0]?.parentElement.hidden) select.value = "";
  }
}

// Marking: the names that the chosen release set speaks of alone.
function showRelease() {
  const release = document.querySelector("#f-release");
  if (!release) return;
  for (const field of release.form.querySelectorAll("[data-release]")) field.hidden = field.dataset.release !== release.value;
}

document.addEventListener("change", (event) => {
  if (event.target.id === "f-scheme") showScheme();
  if (event.target.id === "f-release") showRelease();
});
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("[data-poll]")) poll(element);
  showScheme();
  showRelease();
});
