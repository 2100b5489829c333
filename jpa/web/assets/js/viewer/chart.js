// The chart of the package, drawn as that of a case; what it holds comes from the page itself.
import { drawing, tally } from "../drawing.js";
import { card, h, kind, link, short } from "./page.js";

const EXPANSION = 50;

export function chart(content, panel) {
  const { head, things } = content;
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const host = h("div", { id: "chart", class: "chart", role: "img", "aria-label": "Chart of things and ties; the screens “Things” and “Ties” list the same" });
  const status = h("span", { id: "chart-status", role: "status" });
  const limit = h("p", { class: "body small", hidden: true });
  const legend = h("div", { class: "body legend" });
  const button = (key, label, act, strong) => h("button", { type: "button", class: `btn ${strong ? "primary" : ""}`, "data-key": key, on: { click: act } }, label, h("span", { class: "key" }, key.toUpperCase()));
  let drawn;
  const tell = () => { status.textContent = tally(drawn.cy, 0); legendOf(); };
  const node = (thing) => ({ id: thing.id, caption: short(thing.caption, 60), type: thing.type, shape: head.types[thing.type].shape, colour: head.types[thing.type].colour });
  const edge = (tie) => ({ id: tie.id, source: tie.source.thing.id, target: tie.target.thing.id, type: tie.type, line: tie.report.line });
  const among = (shown, ties) => ties.filter((tie) => tie.source.thing !== tie.target.thing && shown.has(tie.source.thing) && shown.has(tie.target.thing));

  function draw() {
    drawn = drawing(host, tell);
    const first = things.length <= head.limits.drawn ? things : [...things].sort((a, b) => b.ties.length - a.ties.length).slice(0, head.limits.drawn);
    const more = things.length - first.length;
    const ties = among(new Set(first), content.links);
    drawn.place({ things: first.map(node), ties: ties.slice(0, head.limits.ties).map(edge) });
    if (more > 0 || ties.length > head.limits.ties) {
      limit.hidden = false;
      limit.textContent = `The chart begins with the ${first.length.toLocaleString("en")} things that have the most ties${ties.length > head.limits.ties ? `, and ${head.limits.ties.toLocaleString("en")} of the ${ties.length.toLocaleString("en")} ties among them` : ""}: more cannot be read at once. The screens “Things” and “Ties” list all; choose a thing there and “Show on the chart” to bring it in.`;
    }
    tell();
    const { cy } = drawn;
    cy.on("tap", "node", (event) => panel.thing(byId.get(event.target.id()), false));
    cy.on("tap", "edge", (event) => {
      const [one, other] = [event.target.data("source"), event.target.data("target")];
      panel.tie(byId.get(one).ties.filter((tie) => [tie.source.thing.id, tie.target.thing.id].every((id) => id === one || id === other)), false);
    });
    cy.on("dbltap", "node", (event) => expand(event.target));
    host.positions = () => Object.fromEntries(cy.nodes().map((n) => [n.id(), { ...n.position() }]));
    host.select = (id) => cy.getElementById(id).select();
    new ResizeObserver(() => cy.resize()).observe(host);
    host.dataset.ready = "1";
  }
  function expand(at) {
    const { cy } = drawn;
    const thing = byId.get(at.id());
    const near = [...new Set(thing.ties.flatMap((tie) => [tie.source.thing, tie.target.thing]))].filter((one) => cy.getElementById(one.id).empty()).slice(0, EXPANSION);
    bring(at, near);
  }
  function bring(at, near) {
    const { cy } = drawn;
    const room = Math.max(0, head.limits.things - cy.nodes().length);
    if (near.length > room) {
      limit.hidden = false;
      limit.textContent = `${head.limits.things.toLocaleString("en")} things are the most that the chart takes. Hide some before you bring in others.`;
      near = near.slice(0, room);
    }
    const shown = new Set([...cy.nodes().map((n) => byId.get(n.id())), ...near]);
    const ties = [...new Set(near.flatMap((one) => among(shown, one.ties)))];
    drawn.around(at, { things: near.map(node), ties: ties.map(edge) });
    tell();
  }
  function legendOf() {
    for (const box of legend.querySelectorAll("input")) {
      const of = drawn.cy.elements(`[type = "${box.value}"]`);
      box.closest("label").querySelector(".n").textContent = String(of.length);
      box.closest("label").hidden = of.length === 0;
    }
  }
  const box = (name, label) => h("label", { hidden: true }, h("input", { type: "checkbox", value: name, checked: true, on: { change: (event) => { drawn.cy.batch(() => drawn.cy.elements(`[type = "${name}"]`).toggleClass("hidden", !event.target.checked)); tell(); } } }), " ", h("span", {}, label), h("span", { class: "n" }));
  legend.append(...Object.entries(head.types).map(([name, type]) => box(name, [kind(type), type.plural])), h("h2", { class: "small" }, "Ties"), ...Object.entries(head.ties).map(([name, tie]) => box(name, tie.label)));
  const chosen = () => drawn.cy.$("node:selected");
  const made = h("div", { class: "chart-wide" },
    h("div", { class: "actions chart-acts" }, link("Undo", () => drawn.undo()), h("span", { class: "key" }, "Ctrl Z"), button("f", "Fit", () => drawn.fit()), button("h", "Hide", () => drawn.hide(chosen())), button("e", "Expand", () => chosen().forEach(expand), true)),
    h("div", { class: "chart-two" }, h("section", { class: "card actions" }, h("header", {}, h("h2", {}, "Show")), legend), card("Chart", status, limit, host)));
  return Object.assign(made, {
    shown() { drawn ? drawn.cy.resize() : draw(); },
    bring(thing) {
      const { cy } = drawn;
      if (cy.getElementById(thing.id).empty()) {
        const near = thing.ties.flatMap((tie) => [tie.source.thing, tie.target.thing]).find((one) => one !== thing && !cy.getElementById(one.id).empty());
        bring(near ? cy.getElementById(near.id) : cy.nodes().last(), [thing]);
        if (cy.getElementById(thing.id).empty()) return;
        expand(cy.getElementById(thing.id));
      }
      cy.elements().unselect();
      cy.getElementById(thing.id).removeClass("hidden").select();
      cy.center(cy.getElementById(thing.id));
    },
  });
}
