// Quick entry of outcomes: a few letters and Enter choose a person; Enter in a field goes on to the next one.
const people = document.querySelector("[data-people]");
const find = people?.querySelector(".find-person");

if (find) {
  const said = people.querySelector("[data-chosen]");
  const boxes = [...people.querySelectorAll("[name=person]")];
  const caption = (box) => box.labels[0].firstChild.textContent.trim();
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const show = () => {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    for (const box of boxes) {
      box.closest(".check").hidden = !box.checked && !words.every((word) => fold(caption(box)).includes(word));
    }
    const chosen = boxes.filter((box) => box.checked).map(caption);
    const open = boxes.some((box) => !box.checked && !box.closest(".check").hidden);
    said.textContent = words.length > 0 && !open ? said.dataset.nobody : chosen.length > 0 ? `${said.dataset.chosen} ${chosen.join(", ")}` : "";
  };
  find.addEventListener("input", show);
  people.addEventListener("change", show);
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || find.value.trim() === "") return;
    event.preventDefault();
    event.stopPropagation();
    const first = boxes.find((box) => !box.checked && !box.closest(".check").hidden);
    if (!first) return;
    first.checked = true;
    find.value = "";
    show();
  });
  show();
}

// What is odd about an entry is said beside the field once it is left; it can be saved all the same, and is kept as typed.
const entry = document.querySelector("#outcome[data-check]");
let asked = 0;

function say(name, words) {
  const field = entry.elements[name];
  const holder = (field instanceof RadioNodeList ? field[0] : field)?.closest(".field");
  if (!holder) return;
  let told = holder.querySelector(".odd");
  if (!told) {
    if (words === "") return;
    told = document.createElement("span");
    told.className = "odd";
    told.id = `o-${name}`;
    told.setAttribute("role", "status");
    holder.append(told);
    if (!(field instanceof RadioNodeList)) field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), told.id].filter(Boolean).join(" "));
  }
  told.textContent = words;
}

entry?.addEventListener("change", async () => {
  const turn = ++asked;
  const typed = new FormData(entry);
  try {
    const answer = await fetch(entry.dataset.check, { method: "POST", body: typed, headers: { "X-CSRFToken": typed.get("csrf_token") } });
    if (!answer.ok || turn !== asked) return;
    const odd = await answer.json();
    for (const told of entry.querySelectorAll(".odd")) if (!(told.id.slice(2) in odd)) told.textContent = "";
    for (const [name, words] of Object.entries(odd)) say(name, words);
  } catch {
    // Saved and gone on before the answer came: what was odd is said after saving.
  }
});

// An entry is not saved by an Enter too many: it is saved by the button, or by Ctrl and Enter.
document.querySelector("#outcome")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || !event.target.matches("input:not([type=checkbox]), select")) return;
  event.preventDefault();
  const fields = [...event.currentTarget.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea, button")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});
