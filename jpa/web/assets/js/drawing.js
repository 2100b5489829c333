// A chart of things and ties. What is placed never moves: only new things are laid out, in a ring around what brought them.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);
const MOST_LEGIBLE = 300;
// Cytoscape writes a style element of its own unless one of this name stands there; the content policy refuses it, and our sheet says the same.
const STYLES = "__________cytoscape_stylesheet";

export function drawing(host, changed) {
  if (document.getElementById(STYLES) === null) document.head.append(Object.assign(document.createElement("meta"), { id: STYLES }));
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(`--${name}`).trim();
  const history = [];
  let undone = [];
  const cy = cytoscape({
    container: host,
    pixelRatio: 1,
    style: [
      { selector: "node", style: { shape: "data(shape)", "background-color": (n) => colour(n.data("colour")), label: "data(caption)", "font-size": 12, color: colour("text"), "text-outline-color": colour("card"), "text-outline-width": 2, "min-zoomed-font-size": 6, "text-valign": "bottom", "text-margin-y": 3, width: 18, height: 18, "text-max-width": 110, "text-wrap": "ellipsis" } },
      { selector: "edge", style: { width: 1.2, "line-color": colour("muted"), "target-arrow-color": colour("muted"), "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "straight", "line-style": "data(line)", opacity: 0.75 } },
      { selector: "node:selected", style: { "border-width": 4, "border-color": "#ffb000", "font-weight": "bold" } },
      { selector: "edge:selected", style: { "line-color": "#ffb000", opacity: 1 } },
      { selector: ".hidden", style: { display: "none" } },
    ],
  });
  // Names stay as large as they can be read, however far out the chart is; of very many they would only cover each other.
  function legible() {
    const scale = cy.nodes().length > MOST_LEGIBLE ? 1 : Math.min(Math.max(0.9 / cy.zoom(), 1), 4);
    if (scale === drawnAt) return;
    drawnAt = scale;
    cy.batch(() => {
      cy.nodes().style({ "font-size": 12 * scale, width: 18 * scale, height: 18 * scale, "text-margin-y": 3 * scale, "text-outline-width": 2 * scale, "text-max-width": 110 * scale });
      cy.edges().style({ width: 1.2 * scale, "arrow-scale": 0.7 * scale });
    });
  }
  // A layout long and low leaves half the chart empty and its names on top of each other: it is drawn out to the chart's own form.
  function fill() {
    const box = cy.nodes().boundingBox({ includeLabels: false });
    const stretch = (cy.height() / cy.width()) * (box.w / box.h);
    const drawn = { x: Math.min(Math.max(1 / stretch, 1), 4), y: Math.min(Math.max(stretch, 1), 4) };
    if (box.w > 0 && box.h > 0) cy.nodes().positions((n) => ({ x: n.position("x") * drawn.x, y: n.position("y") * drawn.y }));
  }
  let drawnAt = 1;
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; legible(); });
  };
  cy.on("zoom", soon);
  cy.on("add", () => { drawnAt = 0; soon(); });
  const nodeOf = (thing) => ({ group: "nodes", data: thing });
  const edgeOf = (tie) => ({ group: "edges", data: { ...tie } });

  function record(command) {
    history.push(command);
    undone = [];
  }
  function undo() {
    const command = history.pop();
    if (command) { command.undo(); undone.push(command); changed(); }
  }
  function redo() {
    const command = undone.pop();
    if (command) { command.redo(); history.push(command); changed(); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || host.parentElement.closest("[hidden]")) return;
    if (event.ctrlKey && event.key.toLowerCase() === "z") { event.preventDefault(); event.shiftKey ? redo() : undo(); }
  });

  return {
    cy, undo, redo,
    place(graph) {
      cy.add([...graph.things.map(nodeOf), ...graph.ties.map(edgeOf)]);
      cy.layout({ name: "fcose", randomize: true, animate: false, nodeSeparation: 90, idealEdgeLength: 70, nodeDimensionsIncludeLabels: true }).run();
      fill();
      cy.fit(undefined, 30);
    },
    around(node, graph) {
      const fresh = graph.things.filter((t) => cy.getElementById(t.id).empty());
      const centre = node.position();
      const ring = 70 + fresh.length * 4;
      const added = cy.add([
        ...fresh.map((t, i) => ({ ...nodeOf(t), position: { x: centre.x + ring * Math.cos((2 * Math.PI * i) / fresh.length), y: centre.y + ring * Math.sin((2 * Math.PI * i) / fresh.length) } })),
        ...graph.ties.filter((t) => cy.getElementById(t.id).empty()).map(edgeOf),
      ]);
      record({ undo: () => added.remove(), redo: () => added.restore() });
      return added;
    },
    hide(elements) {
      const gone = elements.union(elements.connectedEdges());
      gone.remove();
      record({ undo: () => gone.restore(), redo: () => gone.remove() });
      changed();
    },
    fit: () => cy.fit(undefined, 30),
  };
}

// How many things and ties are to be seen, in words.
export function tally(cy, more) {
  const hidden = cy.elements(".hidden").nodes().length;
  const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
  return `${count(cy.nodes().length - hidden, "thing")}, ${count(cy.edges().length, "tie")}` + (hidden ? `, ${hidden} filtered` : "") + (more ? `; ${more} more not shown, filter by kind` : "");
}
