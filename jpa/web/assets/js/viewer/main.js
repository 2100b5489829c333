// The offline viewer: one page, no server, nothing loaded. Reads what lies in the page, shows it, keeps proposals.
import "../app.js";
import { chart } from "./chart.js";
import { haystack, inOrder, read } from "./content.js";
import { evidence } from "./evidence.js";
import { listing } from "./listing.js";
import { overview } from "./overview.js";
import { counted, h, kind, link, said, short, told } from "./page.js";
import { graded, marked, Panel } from "./panel.js";
import { Proposals, screen } from "./proposals.js";

const root = document.querySelector("#viewer");
const content = read();
const { head, things, reports, links, records } = content;
content.byId = new Map([...records, ...links].map((one) => [one.id, one]));
const aside = h("aside", { id: "why", "aria-label": "What is chosen", hidden: true });
const proposals = new Proposals(head, noted);
const panel = new Panel(aside, content, proposals, (thing) => { show("chart"); drawnChart.bring(thing); });
const drawnChart = chart(content, panel);
const nameOf = (id) => { const one = content.byId.get(id); return one === undefined ? id : (one.caption ?? `${one.source.caption} – ${one.target.caption}`); };
const labelOf = (item) => panel.property((content.byId.get(item.about) ?? { type: "" }).type, item.property);
const used = (declared, ones) => Object.entries(declared).filter(([name]) => ones.has(name));
const reportChoice = (of) => ({ label: "Report", options: reports.slice(0, 1000).map((report, place) => [String(place), short(`${report.reference} ${report.title}`, 60)]), of });
const places = new Map(reports.map((report, place) => [report, String(place)]));
const notes = (ones) => { const n = ones.reduce((sum, one) => sum + proposals.of(one.id).length, 0); return n > 0 && h("span", { class: "tag good" }, `${n} noted`); };

const screens = {
  overview: ["Overview", () => overview(content)],
  chart: ["Chart", () => drawnChart],
  things: ["Things", () => listing({
    title: "Things", one: "thing", rows: inOrder(things, head.types, (thing) => thing.caption), text: haystack, none: ["No thing", "The package holds reports alone."],
    choices: [{ label: "Kind", options: used(head.types, new Set(things.map((t) => t.type))).map(([name, type]) => [name, type.plural]), of: (thing) => thing.type }, reportChoice((thing) => thing.records.map((record) => places.get(record.report)))],
    columns: [
      { label: "Name", sort: (t) => t.caption, cell: (t) => [panel.nameOf(t), " ", notes(t.records)] },
      { label: "Kind", sort: (t) => head.types[t.type].label, cell: (t) => head.types[t.type].label },
      { label: "What is said", cell: (t) => t.records[0].values.filter((v) => (v[2] ?? v[1]) !== t.caption).slice(0, 4).map(([name, typed, shown]) => h("div", { class: "small" }, h("span", { class: "muted" }, panel.property(t.type, name)), " ", h("bdi", { class: "break" }, short(shown ?? typed, 120)), shown === null && h("span", { class: "flag" }, " kept as typed"))) },
      { label: "Role", sort: (t) => [...t.roles].join(), cell: (t) => [...t.roles].map((role) => [h("span", { class: "tag warn" }, told(role)), " "]) },
      { label: "Who says so", sort: (t) => t.records[0].report.reference, cell: (t) => [panel.source(t.records[0].report), " ", graded(t.records[0].report), h("div", {}, marked(t.records[0].report)), t.records.length > 1 && h("div", { class: "small muted" }, `and ${counted(t.records.length - 1, "more record")}`)] },
      { label: "Date", sort: (t) => t.records[0].report.day, cell: (t) => h("bdi", { class: "nowrap" }, told(t.records[0].report.date)) },
      { label: "Ties", num: true, sort: (t) => t.ties.length, cell: (t) => t.ties.length },
    ],
  })],
  ties: ["Ties", () => listing({
    title: "Ties", one: "tie", rows: inOrder(links, head.ties, (tie) => `${tie.source.caption}\n${tie.target.caption}`), text: (tie) => `${tie.source.caption}\n${tie.target.caption}\n${haystack(tie)}`.toLowerCase(), none: ["No tie", "No report of the package ties two things."],
    choices: [{ label: "Tie", options: used(head.ties, new Set(links.map((tie) => tie.type))).map(([name, tie]) => [name, tie.label]), of: (tie) => tie.type }, reportChoice((tie) => places.get(tie.report))],
    columns: [
      { label: "From", sort: (tie) => tie.source.caption, cell: (tie) => panel.nameOf(tie.source.thing) },
      { label: "Tie", sort: (tie) => head.ties[tie.type].label, cell: (tie) => [link(head.ties[tie.type].label, () => panel.tie([tie])), " ", notes([tie])] },
      { label: "To", sort: (tie) => tie.target.caption, cell: (tie) => panel.nameOf(tie.target.thing) },
      { label: "What is said", cell: (tie) => tie.values.slice(0, 4).map(([name, typed, shown]) => h("div", { class: "small" }, h("span", { class: "muted" }, panel.property(tie.type, name)), " ", h("bdi", { class: "break" }, short(shown ?? typed, 120)))) },
      { label: "Who says so", sort: (tie) => tie.report.reference, cell: (tie) => [panel.source(tie.report), " ", graded(tie.report), h("div", {}, marked(tie.report))] },
      { label: "Date", sort: (tie) => tie.report.day, cell: (tie) => h("bdi", { class: "nowrap" }, told(tie.report.date)) },
    ],
  })],
  reports: ["Reports", () => listing({
    title: "Reports", one: "report", rows: reports, text: (report) => `${report.title}\n${report.reference}\n${report.text ?? ""}`.toLowerCase(), none: ["No report", "The package is empty."], choices: [],
    columns: [
      { label: "Reference", sort: (r) => r.reference, cell: (r) => panel.source(r) },
      { label: "Title", sort: (r) => r.title, cell: (r) => h("bdi", { class: "break" }, short(r.title, 200)) },
      { label: "Date", sort: (r) => r.day, cell: (r) => h("bdi", { class: "nowrap" }, told(r.date)) },
      { label: "Grade", sort: (r) => r.grade, cell: (r) => [h("b", {}, r.grade), h("div", { class: "small muted" }, r.words)] },
      { label: "Marking", sort: (r) => r.tlp, cell: (r) => [marked(r)] },
      { label: "Text", cell: (r) => (r.text === null ? h("span", { class: "small muted" }, "stays with the sender") : said(short(r.text, 160))) },
    ],
  })],
  evidence: ["Evidence", () => evidence(content, panel)],
  proposals: ["Proposals", () => screen(proposals, nameOf, labelOf, (id) => { const one = content.byId.get(id); if (one?.thing) panel.thing(one.thing); else if (one) panel.tie([one]); })],
};

const made = {};
let now = "";
const page = h("div", { class: "viewer-page" });
const counts = { things: things.length, ties: links.length, reports: reports.length, evidence: content.files.length, proposals: proposals.items.length };
const tabs = Object.fromEntries(Object.entries(screens).map(([name, [label]], place) => [name, h("a", { href: `#${name}`, "data-key": String(place + 1), "data-label": label, on: { click: (event) => { event.preventDefault(); show(name); } } }, h("span", {}, label), name in counts && h("span", { class: "count" }, counts[name].toLocaleString("en")))]));

function show(name) {
  now = name;
  made[name] ??= screens[name][1]();
  for (const [other, tab] of Object.entries(tabs)) other === name ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
  for (const one of Object.values(made)) one.hidden = one !== made[name];
  if (!made[name].isConnected) page.append(made[name]);
  made[name].shown?.();
  document.querySelector("#screen").textContent = screens[name][0];
}

// Something was noted, taken away or saved: whatever shows proposals is drawn again.
function noted() {
  tabs.proposals.querySelector(".count").textContent = String(proposals.items.length);
  const focus = document.activeElement?.id;
  made.proposals?.remove();
  delete made.proposals;
  if (now === "proposals") show("proposals");
  made.things?.refresh();
  made.ties?.refresh();
  panel.again();
  if (focus) document.getElementById(focus)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
  made[now].find?.focus();
  if (made[now].find) event.preventDefault();
});
root.replaceChildren(
  h("a", { class: "skip", href: "#main", on: { click: (event) => { event.preventDefault(); document.querySelector("#main").focus(); } } }, "Skip to the page"),
  h("header", { class: "top" }, h("span", { class: "brand" }, "jpa ", h("small", {}, "viewer")), h("span", { class: "small muted" }, "read only, offline; ", h("span", { class: "key" }, "?"), " shows the keys"), h("div", { class: "who" }, h("b", {}, h("bdi", {}, short(head.own.name, 80))), h("bdi", {}, "reads a package of ", h("bdi", {}, short(head.sender.name, 80))))),
  h("div", { class: "frame" },
    h("nav", { class: "rail", "aria-label": "Screens" }, Object.values(tabs)),
    h("main", { class: "page", id: "main", tabindex: -1 },
      h("div", { class: "crumbs" }, "Package ", h("bdi", {}, head.package.id), " of ", h("bdi", {}, told(head.sender.name)), ", case ", h("bdi", {}, short(head.package.reference)), " / ", h("span", { id: "screen" })),
      h("div", { class: "head" }, h("h1", {}, h("bdi", {}, short(head.package.reference, 120))), h("span", { class: "tag plain" }, h("bdi", {}, short(head.package.purpose, 120)))),
      h("div", { class: "beside" }, page, aside))),
  h("dialog", { id: "keys", "aria-labelledby": "keys-title" }, h("form", { method: "dialog" }, h("h2", { id: "keys-title" }, "Keys on this page"), h("dl", { class: "facts" }), h("p", {}, h("button", { class: "btn", autofocus: true }, "Close")))));
show("overview");
root.dataset.ready = "1";
