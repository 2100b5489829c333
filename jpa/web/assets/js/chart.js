// The case graph: what the server knows of it, drawn; the panel says who says so.
import { drawing, tally } from "./drawing.js";

const host = document.querySelector("#chart");
const panel = document.querySelector("#why");
const status = document.querySelector("#chart-status");
const drawn = drawing(host, () => { tell(0); legend(); });
const { cy } = drawn;

async function load() {
  const answer = await fetch(host.dataset.graph, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    status.textContent = "The chart could not be loaded. Reload the page.";
    return;
  }
  const graph = await answer.json();
  drawn.place(graph);
  tell(graph.more);
  legend();
  host.dataset.ready = "1";
}

function tell(more) {
  status.textContent = tally(cy, more);
}

function legend() {
  for (const box of document.querySelectorAll(".legend input")) {
    const of = cy.elements(`[${box.name} = "${box.value}"]`);
    box.closest("label").querySelector(".n").textContent = String(of.length);
    box.closest("label").hidden = of.length === 0;
  }
}

async function expand(node) {
  const page = node.scratch("page") ?? 0;
  const shown = cy.nodes().map((n) => n.id());
  const data = new FormData();
  data.append("record", node.id());
  data.append("page", String(page));
  for (const id of shown) data.append("shown", id);
  const answer = await fetch(host.dataset.expand, { method: "POST", body: data, headers: { "X-CSRFToken": host.dataset.token, Accept: "application/json" } });
  if (!answer.ok) return;
  const graph = await answer.json();
  drawn.around(node, graph);
  node.scratch("page", page + 1);
  tell(graph.more);
  legend();
}

async function show(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (answer.ok) panel.innerHTML = await answer.text(); // our own server's escaped fragment
}

cy.on("tap", "node", (event) => show(host.dataset.thing.replace("ID", event.target.id())));
cy.on("tap", "edge", (event) => show(host.dataset.why.replace("LEFT", event.target.data("source")).replace("RIGHT", event.target.data("target"))));
cy.on("dbltap", "node", (event) => expand(event.target));
cy.on("dragfree", "node", (event) => event.target.data("pinned", true));

const toggleTable = () => {
  const table = document.querySelector("#chart-table");
  table.hidden = !table.hidden;
  host.hidden = !table.hidden;
  if (table.hidden) { cy.resize(); } else { fillTable(table.querySelector("tbody")); }
};
function fillTable(body) {
  body.replaceChildren();
  for (const edge of cy.edges(":visible")) {
    const row = body.insertRow();
    for (const text of [edge.source().data("caption"), edge.data("label"), edge.target().data("caption"), edge.data("date"), edge.data("grade")]) row.insertCell().textContent = text ?? "";
  }
}
const acts = { e: () => cy.$("node:selected").forEach(expand), h: () => drawn.hide(cy.$("node:selected")), f: drawn.fit, t: toggleTable, z: drawn.undo, y: drawn.redo };
for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => acts[button.dataset.act]());
for (const box of document.querySelectorAll(".legend input")) {
  box.addEventListener("change", () => {
    cy.batch(() => cy.elements(`[${box.name} = "${box.value}"]`).toggleClass("hidden", !box.checked));
    tell(0);
  });
}
host.positions = () => Object.fromEntries(cy.nodes().map((n) => [n.id(), { ...n.position() }]));
host.select = (id) => cy.getElementById(id).select();
load();
