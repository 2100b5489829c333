// The one-screen entry: lines are typed as they stand in the report, the server understands them, nothing is guessed here.
const form = document.querySelector("#entry");
const body = form.querySelector("tbody.said");
const next = form.querySelector("#next");
const known = document.querySelector("#known");
const token = form.querySelector("[name=csrf_token]").value;

async function post(url, fields) {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
}

function renumber() {
  [...body.rows].forEach((row, index) => {
    row.dataset.ref = String(index + 1);
    row.querySelector(".ref").textContent = String(index + 1);
  });
  for (const select of body.querySelectorAll("select.to")) {
    const chosen = select.value;
    const own = select.closest("tr").dataset.ref;
    select.replaceChildren(new Option("–", ""));
    for (const row of body.rows) {
      if (row.dataset.ref !== own) select.add(new Option(`${row.dataset.ref} ${row.dataset.caption}`, row.dataset.ref));
    }
    select.value = chosen;
  }
}

async function addLine() {
  const line = next.value.trim();
  if (line === "") return;
  const answer = await post(form.dataset.understand, [["line", line], ["ref", String(body.rows.length + 1)]]);
  if (!answer.ok) {
    next.setCustomValidity(answer.status === 401 ? "Your session is over. Log in in another tab; what you typed stays here." : "This line was not understood; begin it with person, vessel, phone, account, place…");
    next.reportValidity();
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text(); // our own server's escaped row, under a policy that runs no script in it
  body.append(holder.content);
  next.value = "";
  renumber();
  suggestTie(body.rows[body.rows.length - 1]);
  askKnown();
}

function suggestTie(row) {
  const first = [...body.rows].find((r) => r.dataset.type === "Person" && r !== row);
  const to = row.querySelector("select.to");
  if (first && to && to.value === "" && row.dataset.suggest) {
    to.value = first.dataset.ref;
    row.querySelector("select.tie").value = row.dataset.suggest;
  }
}

async function askKnown() {
  const answer = await post(form.dataset.known, new FormData(form).entries());
  if (answer.ok) known.innerHTML = await answer.text();
}

const scheme = form.querySelector("#f-scheme");
function showScheme() {
  for (const group of form.querySelectorAll("optgroup")) group.hidden = group.dataset.scheme !== scheme.value;
  for (const select of form.querySelectorAll("#f-gs, #f-gi")) {
    if (select.selectedOptions[0]?.parentElement.hidden) select.value = "";
  }
}
scheme.addEventListener("change", showScheme);
showScheme();

next.addEventListener("input", () => next.setCustomValidity(""));
next.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey) {
    event.preventDefault();
    addLine();
  } else if (event.key === "Backspace" && next.value === "" && body.rows.length > 0) {
    event.preventDefault();
    const row = body.rows[body.rows.length - 1];
    next.value = row.querySelector("[name=line]").value;
    row.remove();
    renumber();
  }
});
body.addEventListener("click", (event) => {
  if (event.target.matches(".remove")) {
    event.target.closest("tr").remove();
    renumber();
    next.focus();
  }
  if (event.target.matches(".use")) {
    const row = event.target.closest("tr");
    next.value = event.target.dataset.line;
    row.remove();
    renumber();
    addLine();
  }
});
form.addEventListener("submit", async (event) => {
  if (next.value.trim() !== "") {
    event.preventDefault();
    await addLine();
    if (next.value === "") form.requestSubmit();
  }
});
renumber();
