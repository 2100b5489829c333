// Quick entry of outcomes: a few letters and Enter choose a person; Enter in a field goes on to the next one.
// Loaded before the page is drawn, so that an Enter pressed early goes on as well, and saves nothing.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const caption = (box) => box.labels[0].firstChild.textContent.trim();
const boxesOf = (people) => [...people.querySelectorAll("[name=person]")];
const peopleOf = (element) => element.closest("[data-people]");

function showPeople(people) {
  const find = people.querySelector(".find-person");
  const said = people.querySelector("[data-chosen]");
  if (!find) return;
  const boxes = boxesOf(people);
  const words = fold(find.value).split(/\s+/).filter(Boolean);
  for (const box of boxes) {
    box.closest(".check").hidden = !box.checked && !words.every((word) => fold(caption(box)).includes(word));
  }
  const chosen = boxes.filter((box) => box.checked).map(caption);
  const open = boxes.some((box) => !box.checked && !box.closest(".check").hidden);
  said.textContent = words.length > 0 && !open ? said.dataset.nobody : chosen.length > 0 ? `${said.dataset.chosen} ${chosen.join(", ")}` : "";
}

function chooseFirst(find) {
  const people = peopleOf(find);
  const first = boxesOf(people).find((box) => !box.checked && !box.closest(".check").hidden);
  if (!first) return;
  first.checked = true;
  find.value = "";
  showPeople(people);
}

document.addEventListener("input", (event) => {
  if (event.target.matches(".find-person")) showPeople(peopleOf(event.target));
});
document.addEventListener("change", (event) => {
  const people = peopleOf(event.target);
  if (people) showPeople(people);
  const entry = event.target.closest("#outcome[data-check]");
  if (entry) check(entry);
});
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-people]").forEach(showPeople));

// An entry is not saved by an Enter too many: it is saved by the button, or by Ctrl and Enter.
document.addEventListener("keydown", (event) => {
  const entry = event.target.closest("#outcome");
  if (!entry || event.key !== "Enter" || event.ctrlKey || !event.target.matches("input:not([type=checkbox]), select")) return;
  event.preventDefault();
  if (event.target.matches(".find-person") && event.target.value.trim() !== "") {
    chooseFirst(event.target);
    return;
  }
  const fields = [...entry.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea, button")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});

// What is odd about an entry is said beside the field once it is left; it can be saved all the same, and is kept as typed.
let asked = 0;

function say(entry, name, words) {
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

async function check(entry) {
  const turn = ++asked;
  const typed = new FormData(entry);
  try {
    const answer = await fetch(entry.dataset.check, { method: "POST", body: typed, headers: { "X-CSRFToken": typed.get("csrf_token") } });
    if (!answer.ok || turn !== asked) return;
    const odd = await answer.json();
    for (const told of entry.querySelectorAll(".odd")) if (!(told.id.slice(2) in odd)) told.textContent = "";
    for (const [name, words] of Object.entries(odd)) say(entry, name, words);
  } catch {
    // Saved and gone on before the answer came: what was odd is said after saving.
  }
}
