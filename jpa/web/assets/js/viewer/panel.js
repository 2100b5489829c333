// One thing, tie or report beside the screen: what is said, who says so, how sure; and the form that proposes back.
import { card, counted, empty, facts, h, kind, link, moment, said, short, table, told } from "./page.js";
import { worded } from "./proposals.js";

export const marked = (report) => h("span", { class: "tag plain" }, [report.tlp, report.release === "own agency" ? "" : report.release, report.handling, report.pap === "PAP:AMBER" ? "" : report.pap].filter(Boolean).map(told).join(", "));
export const graded = (report) => h("span", { title: report.words }, told(report.grade));
const MANY = 200;

export class Panel {
  constructor(place, content, proposals, onChart) {
    Object.assign(this, { place, content, proposals, onChart, shown: undefined });
  }
  property(type, name) { return (this.content.head.types[type] ?? this.content.head.ties[type])?.properties[name] ?? name; }
  declared(thing) { return this.content.head.types[thing.type]; }
  nameOf(thing) { return [kind(this.declared(thing)), link(h("bdi", {}, short(thing.caption)), () => this.thing(thing))]; }
  source(report) { return link(h("bdi", {}, short(report.reference || report.title || "report without a name", 60)), () => this.report(report)); }

  close() {
    this.shown = undefined;
    this.place.hidden = true;
    this.from?.isConnected ? this.from.focus() : document.querySelector("#main").focus();
  }
  again() {
    const at = this.place.scrollTop;
    this.shown?.(false);
    this.place.scrollTop = at;
  }
  show(draw, focus = true) {
    if (!this.place.contains(document.activeElement)) this.from = document.activeElement;
    this.shown = (move) => {
      this.place.replaceChildren(h("p", { class: "actions shut" }, h("button", { type: "button", class: "btn", "data-key": "x", "data-label": "Close what is chosen", on: { click: () => this.close() } }, "Close", h("span", { class: "key" }, "X"))), ...draw().filter(Boolean));
      this.place.hidden = false;
      if (move) this.place.querySelector("h2")?.focus();
    };
    this.shown(focus);
  }

  thing(thing, focus) { this.show(() => [this.#says(thing), this.#tied(thing), this.#verdicts(thing), this.#propose("record", thing.records, thing)], focus); }
  #says(thing) {
    const declared = this.declared(thing);
    let last = "";
    const rows = Object.keys(declared.properties).flatMap((name) => thing.records.flatMap((record) => record.values.filter((v) => v[0] === name).map((v) => [record, v])));
    const cells = rows.slice(0, MANY).map(([record, [name, typed, shown, flag]]) => {
      const label = declared.properties[name] === last ? "" : (last = declared.properties[name]);
      return [label, [said(shown ?? typed), shown === null ? h("div", { class: "small flag" }, "kept as typed", flag ? `: ${told(flag)}` : "") : [shown !== typed && h("div", { class: "small muted" }, "as typed: ", said(typed)), flag && h("div", { class: "small flag" }, told(flag))]], [this.source(record.report), " ", graded(record.report), h("div", {}, marked(record.report))]];
    });
    return card(h("bdi", {}, short(thing.caption, 160)), declared.label,
      h("p", { class: "body actions small" }, link("Show on the chart", () => this.onChart(thing))),
      thing.roles.size > 0 && h("p", { class: "body" }, [...thing.roles].map((role) => [h("span", { class: "tag warn" }, told(role)), " "])),
      cells.length > 0 ? table(["Property", "Value", "Who says so"], cells) : empty("Nothing more is said", "Its reports name it alone."),
      rows.length > MANY && h("p", { class: "body small" }, `${(rows.length - MANY).toLocaleString("en")} more values are left out here; find them by their report.`),
      h("details", { class: "body small" }, h("summary", {}, counted(thing.records.length, "record"), thing.history.length > 0 && `, ${thing.history.length} corrected`), [...thing.records, ...thing.history].slice(0, MANY).map((record) => h("div", { class: "record" }, this.source(record.report), !record.inForce && h("span", { class: "tag warn" }, "corrected by a later one"), " entered ", moment(record.entered), " by ", h("bdi", {}, told(record.officer)), h("div", { class: "muted break" }, `id ${record.id}, content `, h("code", {}, record.hash.slice(0, 16)), "…")))));
  }
  #tied(thing) {
    const rows = thing.ties.slice(0, MANY).map((tie) => {
      const out = tie.source.thing === thing;
      const declared = this.content.head.ties[tie.type];
      return [link(out ? declared.label : declared.reverse, () => this.tie([tie])), this.nameOf((out ? tie.target : tie.source).thing), [this.source(tie.report), " ", graded(tie.report)]];
    });
    if (rows.length === 0) return "";
    return card("Linked to", counted(thing.ties.length, "tie"), table(["Tie", "To", "Who says so"], rows), thing.ties.length > MANY && h("p", { class: "body small" }, `The first ${MANY}; the screen “Ties” has all.`));
  }
  #verdicts(thing) {
    const about = this.content.verdicts.filter((v) => v.left.thing === thing || v.right.thing === thing).slice(0, MANY);
    if (about.length === 0) return "";
    return card("Verdicts of the sender", about.length, h("div", { class: "body stack" }, about.map((v) => h("div", {}, h("span", { class: `tag ${v.verdict === "same" ? "good" : "warn"}` }, v.verdict), " ", h("bdi", {}, short(v.left.caption)), " / ", h("bdi", {}, short(v.right.caption)), h("div", { class: "small muted" }, moment(v.at), " ", h("bdi", {}, told(v.reason)))))));
  }

  tie(ties, focus) {
    const [first] = ties;
    this.show(() => [
      card("Why linked?", counted(ties.length, "tie"), h("p", { class: "body" }, this.nameOf(first.source.thing), " – ", this.nameOf(first.target.thing)), ties.slice(0, MANY).map((tie) => h("div", { class: "body stack" }, h("b", {}, this.content.head.ties[tie.type].label), tie.source.thing !== first.source.thing && h("span", { class: "small muted" }, " the other way"), tie.values.map(([name, typed, shown, flag]) => h("div", { class: "small" }, h("span", { class: "muted" }, this.property(tie.type, name)), " ", said(shown ?? typed), flag && h("span", { class: "flag" }, " ", told(flag)))), h("div", {}, this.source(tie.report), " ", h("bdi", {}, short(tie.report.title)), ", ", h("bdi", {}, told(tie.report.date)), " ", graded(tie.report), h("div", {}, marked(tie.report)), h("div", { class: "small muted" }, "entered ", moment(tie.entered), " by ", h("bdi", {}, told(tie.officer))))))),
      this.#propose("link", ties),
    ], focus);
  }

  report(report, focus) {
    const { records, files } = this.content;
    const states = records.filter((record) => record.report === report);
    const behind = files.filter((file) => file.report === report);
    this.show(() => [
      card(h("bdi", {}, short(report.title || "Report", 160)), "Report",
        facts(["Reference", said(report.reference)], ["Date", h("bdi", {}, told(report.date))], ["Grade", [h("b", {}, report.grade), h("div", { class: "small muted" }, report.words)]], ["Marking", [`${report.tlp} ${report.handling} ${report.pap}`, h("div", { class: "small muted" }, "release: ", told(report.release))]], ["Entered", [moment(report.entered), " by ", h("bdi", {}, told(report.officer))]], report.origin !== "" && ["Origin", said(report.origin)])),
      report.text === null ? card("Text", "", empty("The text stays with the sender", "Ask the sender's desk for it, with the reference.")) : report.text !== "" && card("Text", "", h("div", { class: "body pre break", dir: "auto" }, told(report.text))),
      card("What it says", counted(states.length, "record"), h("ul", { class: "body" }, states.slice(0, MANY).map((record) => h("li", {}, this.nameOf(record.thing)))), states.length > MANY && h("p", { class: "body small" }, `The first ${MANY}; choose the report in the filter of “Things” for all.`)),
      behind.length > 0 && card("Files", behind.length, h("ul", { class: "body" }, behind.map((file) => h("li", {}, h("bdi", { class: "break" }, told(file.name)))))),
    ], focus);
  }

  #labels = (item) => this.property((this.content.byId.get(item.about) ?? { type: "" }).type, item.property);
  #propose(what, ones, thing) {
    const noted = ones.flatMap((one) => this.proposals.of(one.id));
    const isPerson = thing?.type === "Person";
    const field = (id, label, control, hint) => { control.id = `p-${id}`; return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("span", { class: "hint" }, hint)); };
    const about = h("select", {}, ones.slice(0, MANY).map((one) => h("option", { value: one.id }, `${short(one.caption ?? this.content.head.ties[one.type].label, 50)}, ${short(one.report.reference, 30)}`)));
    const kinds = h("select", { on: { change: fit } }, h("option", { value: "seen here too" }, "seen here too"), what === "record" && h("option", { value: "not the same" }, isPerson ? "not the same person" : "not the same"), h("option", { value: "another value" }, "another value"));
    const other = h("select", {}, ones.slice(0, MANY).map((one) => h("option", { value: one.id }, `${short(one.caption ?? "", 50)}, ${short(one.report.reference, 30)}`)), h("option", { value: "" }, "somebody outside this package"));
    const against = h("select", {});
    const value = h("input", { maxlength: 2000, autocomplete: "off" });
    const reference = h("input", { maxlength: 200, autocomplete: "off" });
    const text = h("textarea", { rows: 2, maxlength: 2000 });
    const problem = h("p", { class: "error", role: "alert" });
    const rows = { about: field("about", "About what is said in", about), other: field("other", "Not the same as", other), against: field("against", "Which value", against), value: field("value", "The other value", value) };
    const one = () => ones.find((o) => o.id === about.value) ?? ones[0];
    function stated() {
      const known = one().values.map((v, place) => h("option", { value: `v${place}` }, `${self.property(one().type, v[0])}: ${short(v[2] ?? v[1], 50)}`));
      const open = Object.entries((self.content.head.types[one().type] ?? self.content.head.ties[one().type]).properties).filter(([name]) => !one().values.some((v) => v[0] === name)).map(([name, label]) => h("option", { value: `n${name}` }, `${label}: nothing stated`));
      against.replaceChildren(...known, ...open);
    }
    function fit() {
      rows.about.hidden = ones.length === 1;
      rows.other.hidden = kinds.value !== "not the same";
      rows.against.hidden = rows.value.hidden = kinds.value !== "another value";
      if (kinds.value === "not the same") {
        for (const option of other.options) option.hidden = option.disabled = option.value === about.value;
        if (other.selectedOptions[0]?.disabled ?? true) other.value = [...other.options].find((o) => !o.disabled).value;
      }
    }
    const self = this;
    about.addEventListener("change", () => { stated(); fit(); });
    stated();
    fit();
    const add = (event) => {
      event.preventDefault();
      const item = { kind: kinds.value, what, about: one().id, hash: one().hash, reference: reference.value.trim(), text: text.value.trim() };
      if (item.kind === "not the same" && other.value !== "") item.other = other.value;
      if (item.kind === "not the same" && other.value === "" && item.text === "") { problem.textContent = "Say in your own words who it is not the same as."; text.focus(); return; }
      if (item.kind === "another value") {
        if (value.value.trim() === "") { problem.textContent = "Write the other value."; value.focus(); return; }
        const chosen = against.value.startsWith("v") ? one().values[Number(against.value.slice(1))] : [against.value.slice(1)];
        Object.assign(item, { property: chosen[0], value: value.value.trim() });
        if (chosen.length > 1) item.stated = chosen[1];
      }
      problem.textContent = this.proposals.add(item);
    };
    const made = card("Propose to the sender", noted.length > 0 ? `${noted.length} noted` : "",
      noted.map((item) => h("div", { class: "body noted" }, worded(item, this.#labels), item.other && h("div", { class: "small" }, "as ", h("bdi", {}, short(this.content.byId.get(item.other)?.caption ?? item.other))), h("div", { class: "actions small" }, link("Take away", () => this.proposals.remove(item.id))))),
      h("form", { class: "body stack actions propose", on: { submit: add } }, h("div", { class: "fields" }, field("kind", "What you note", kinds), rows.about, rows.other, rows.against, rows.value, field("reference", "Your own reference", reference, "Case or report number in your agency"), h("div", { class: "wide" }, field("text", "In your own words", text))), problem, h("p", {}, h("button", { class: "btn", id: "p-note" }, "Note it"))));
    if (noted.length === 0) made.classList.add("actions"); // an empty form is no part of a printed page
    return made;
  }
}
