// The case graph. What is placed never moves: only new things are laid out, in a ring around what brought them.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);
const host = document.querySelector("#chart");
const panel = document.querySelector("#why");
const status = document.querySelector("#chart-status");
const css = getComputedStyle(document.documentElement);
const colour = (name) => css.getPropertyValue(`--${name}`).trim();
const history = [];
let undone = [];

const cy = cytoscape({
  container: host,
  pixelRatio: 1,
  style: [
    { selector: "node", style: { shape: "data(shape)", "background-color": (n) => colour(n.data("colour")), label: "data(caption)", "font-size": 10, color: colour("text"), "text-valign": "bottom", "text-margin-y": 3, width: 18, height: 18, "text-max-width": 110, "text-wrap": "ellipsis" } },
    { selector: "edge", style: { width: 1.2, "line-color": colour("muted"), "target-arrow-color": colour("muted"), "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "straight", "line-style": "data(line)", opacity: 0.75 } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": "#ffb000", "font-weight": "bold" } },
    { selector: "edge:selected", style: { "line-color": "#ffb000", width: 3, opacity: 1 } },
    { selector: ".hidden", style: { display: "none" } },
  ],
});

const nodeOf = (thing) => ({ group: "nodes", data: thing });
const edgeOf = (tie) => ({ group: "edges", data: { ...tie } });

async function load() {
  const answer = await fetch(host.dataset.graph, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    status.textContent = "The chart could not be loaded. Reload the page.";
    return;
  }
  const graph = await answer.json();
  cy.add([...graph.things.map(nodeOf), ...graph.ties.map(edgeOf)]);
  cy.layout({ name: "fcose", randomize: true, animate: false, nodeSeparation: 90, idealEdgeLength: 70 }).run();
  cy.fit(undefined, 30);
  tell(graph.more);
  legend();
  host.dataset.ready = "1";
}

function tell(more) {
  const hidden = cy.elements(".hidden").nodes().length;
  const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
  status.textContent = `${count(cy.nodes().length - hidden, "thing")}, ${count(cy.edges().length, "tie")}` + (hidden ? `, ${hidden} filtered` : "") + (more ? `; ${more} more not shown, filter by kind` : "");
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
  const fresh = graph.things.filter((t) => cy.getElementById(t.id).empty());
  const centre = node.position();
  const ring = 70 + fresh.length * 4;
  const added = cy.add([
    ...fresh.map((t, i) => ({ ...nodeOf(t), position: { x: centre.x + ring * Math.cos((2 * Math.PI * i) / fresh.length), y: centre.y + ring * Math.sin((2 * Math.PI * i) / fresh.length) } })),
    ...graph.ties.filter((t) => cy.getElementById(t.id).empty()).map(edgeOf),
  ]);
  node.scratch("page", page + 1);
  record({ undo: () => added.remove(), redo: () => added.restore() });
  tell(graph.more);
  legend();
}

function record(command) {
  history.push(command);
  undone = [];
}
function undo() {
  const command = history.pop();
  if (command) { command.undo(); undone.push(command); tell(0); legend(); }
}
function redo() {
  const command = undone.pop();
  if (command) { command.redo(); history.push(command); tell(0); legend(); }
}
function hide(elements) {
  const gone = elements.union(elements.connectedEdges());
  gone.remove();
  record({ undo: () => gone.restore(), redo: () => gone.remove() });
  tell(0);
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
const acts = { e: () => cy.$("node:selected").forEach(expand), h: () => hide(cy.$("node:selected")), f: () => cy.fit(undefined, 30), t: toggleTable, z: undo, y: redo };
for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => acts[button.dataset.act]());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key.toLowerCase() === "z") { event.preventDefault(); event.shiftKey ? redo() : undo(); }
});
for (const box of document.querySelectorAll(".legend input")) {
  box.addEventListener("change", () => {
    cy.batch(() => cy.elements(`[${box.name} = "${box.value}"]`).toggleClass("hidden", !box.checked));
    tell(0);
  });
}
host.positions = () => Object.fromEntries(cy.nodes().map((n) => [n.id(), { ...n.position() }]));
host.select = (id) => cy.getElementById(id).select();
load();
