// The one-screen entry: lines are typed as they stand in the report, the server understands them, nothing is guessed here.
const form = document.querySelector("#entry");
const body = form.querySelector("tbody.said");
const tied = form.querySelector("tbody.tied");
const knownThings = form.querySelector("tbody.known");
const next = form.querySelector("#next");
const known = document.querySelector("#known");
const token = form.querySelector("[name=csrf_token]").value;

async function post(url, fields) {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
}

// Lines are numbered by their place; what points at a line moves with it, also when one above is removed.
function renumber() {
  const moved = new Map([["", ""]]);
  const number = (rows, prefix) => [...rows].forEach((row, index) => {
    const ref = `${prefix}${index + 1}`;
    if (row.dataset.ref) moved.set(row.dataset.ref, ref);
    row.dataset.ref = ref;
    row.querySelector(".ref").textContent = ref;
  });
  const before = new Set([...body.rows, ...knownThings.rows].map((row) => row.dataset.ref));
  number(body.rows, "");
  number(knownThings.rows, "k");
  for (const select of body.querySelectorAll("select.to")) {
    const chosen = moved.get(select.value) ?? (before.has(undefined) ? select.value : "");
    const own = select.closest("tr").dataset.ref;
    select.replaceChildren(new Option("–", ""));
    for (const row of [...body.rows, ...knownThings.rows]) {
      if (row.dataset.ref !== own) select.add(new Option(`${row.dataset.ref} ${row.dataset.caption ?? row.cells[2].textContent}`, row.dataset.ref));
    }
    select.value = chosen;
  }
  for (const row of [...tied.rows]) moveTie(row, moved);
}

function moveTie(row, moved) {
  const input = row.querySelector("[name=tieline]");
  const match = input.value.match(/^\s*(k?\d+)(\s+\D.*?\s+)(k?\d+)(\s*(?:,.*)?)$/is);
  if (!match || moved.size < 2) return;
  const [from, to] = [moved.get(match[1].toLowerCase()), moved.get(match[3].toLowerCase())];
  if (!from || !to) {
    row.remove();
    return;
  }
  input.value = `${from}${match[2]}${to}${match[4]}`;
  row.querySelector(".as-typed").firstChild.textContent = input.value;
}

async function addLine() {
  const line = next.value.trim();
  if (line === "") return;
  const answer = await post(form.dataset.understand, [["line", line], ["ref", String(body.rows.length + 1)]]);
  if (!answer.ok) {
    const said = answer.status === 422 ? await answer.text() : "";
    next.setCustomValidity(answer.status === 401 ? "Your session is over. Log in in another tab; what you typed stays here." : said || "This line was not understood; begin it with person, vessel, phone, account, place…");
    next.reportValidity();
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text(); // our own server's escaped row, under a policy that runs no script in it
  const tie = holder.content.querySelector("tr[data-tie]");
  if (tie && !endsExist(line)) {
    next.setCustomValidity("This tie points at a line that is not there; use the numbers at the left.");
    next.reportValidity();
    return;
  }
  (tie ? tied : body).append(holder.content);
  next.value = "";
  renumber();
  if (tie) return;
  suggestTie(body.rows[body.rows.length - 1]);
  askKnown();
}

function endsExist(line) {
  const refs = new Set([...body.rows, ...knownThings.rows].map((row) => row.dataset.ref));
  const match = line.match(/^(k?\d+)\s+\D.*?\s+(k?\d+)\s*(?:,.*)?$/is);
  return match !== null && refs.has(match[1].toLowerCase()) && refs.has(match[2].toLowerCase());
}

// A thing that is known already joins the list as k1, k2…: any line can be tied to it, and the last one is at once if it is free.
function tieToKnown(button) {
  const row = knownThings.insertRow();
  row.insertCell().className = "ref num";
  row.insertCell().textContent = "known";
  const cell = row.insertCell();
  cell.colSpan = 5;
  cell.textContent = button.dataset.caption;
  for (const [name, value] of [["known", button.dataset.id], ["known_caption", button.dataset.caption], ["known_type", button.dataset.type]]) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    cell.append(input);
  }
  const remove = document.createElement("button");
  Object.assign(remove, { type: "button", className: "btn link remove", textContent: "×", ariaLabel: "Remove the line" });
  row.insertCell().append(remove);
  renumber();
  const last = body.rows[body.rows.length - 1];
  const to = last?.querySelector("select.to");
  if (to && to.value === "" && button.dataset.type === "Person" && last.dataset.suggest) {
    to.value = row.dataset.ref;
    last.querySelector("select.tie").value = last.dataset.suggest;
  }
  next.focus();
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
  const typed = [...new FormData(form).entries()].filter(([, value]) => typeof value === "string"); // files wait for the save
  const answer = await post(form.dataset.known, typed);
  if (answer.ok) known.innerHTML = await answer.text();
}

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
known.addEventListener("click", (event) => {
  if (event.target.matches(".tie-known")) tieToKnown(event.target);
});
form.querySelector("#another-victim").addEventListener("click", () => {
  const rows = form.querySelector("#victims");
  const fresh = rows.lastElementChild.cloneNode(true);
  for (const field of fresh.querySelectorAll("input, select")) field.value = "";
  rows.append(fresh);
  fresh.querySelector("input").focus();
});
// The server would refuse the whole request, and the page with what was typed would be gone.
const files = form.querySelector("#f-files");
files.addEventListener("change", () => {
  const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
  files.setCustomValidity(size > Number(files.dataset.most) ? files.dataset.tooLarge : "");
  files.reportValidity();
});
form.querySelector("table.lines").addEventListener("click", (event) => {
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
delete form.dataset.script; // from here on the page asks back before it sends (app.js)
