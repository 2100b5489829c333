// A table of any length: filtered, sorted by any column, a page of rows at a time.
import { counted, empty, h } from "./page.js";

const PAGE = 100;
const SLOW = 20_000; // above it letters are compared by code: comparing by language takes seconds
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
let unique = 0;

// columns: [{label, sort, num, cell}]; rows: all of them; text: what a search looks through; choices: [{label, options: [[code, label]], of: (row) => code or codes}]
export function listing({ title, one, many, columns, rows, text, choices, none }) {
  const name = `list-${++unique}`;
  const state = { words: "", chosen: choices.map(() => ""), by: -1, down: false, page: 0 };
  let found = rows;
  const body = h("tbody");
  const note = h("bdi", { class: "note", role: "status" });
  const pager = h("p", { class: "body pager" });
  const heads = columns.map((column, place) => h("th", { scope: "col", class: column.num && "num" }, column.sort ? h("button", { type: "button", class: "as-head", on: { click: () => sort(place) } }, column.label) : column.label));
  const find = h("input", { id: `${name}-find`, type: "search", autocomplete: "off", on: { input: soon } });
  const selects = choices.map((choice, place) => h("select", { id: `${name}-${place}`, on: { change: (event) => { state.chosen[place] = event.target.value; filter(); } } }, h("option", { value: "" }, "all"), choice.options.map(([code, label]) => h("option", { value: code }, label))));
  const scroll = h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, heads)), body));
  const made = h("section", { class: "card" },
    h("header", {}, h("h2", {}, title), note),
    h("div", { class: "body filter actions", role: "search" },
      h("div", { class: "field" }, h("label", { for: find.id }, "Find in what is said"), find),
      selects.map((select, place) => h("div", { class: "field" }, h("label", { for: select.id }, choices[place].label), select))),
    scroll, pager);

  let timer;
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => { state.words = find.value.trim().toLowerCase(); filter(); }, rows.length > SLOW ? 300 : 80);
  }
  function filter() {
    const words = state.words.split(/\s+/).filter(Boolean);
    const wanted = choices.map((choice, place) => [choice, state.chosen[place]]).filter(([, code]) => code !== "");
    found = rows.filter((row) => wanted.every(([choice, code]) => [choice.of(row)].flat().includes(code)) && (words.length === 0 || words.every((word) => text(row).includes(word))));
    order();
  }
  function sort(place) {
    state.down = state.by === place ? !state.down : false;
    state.by = place;
    order();
  }
  function order() {
    if (state.by >= 0) {
      const keys = new Map(found.map((row) => [row, columns[state.by].sort(row)]));
      const compare = found.length > SLOW ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : collator.compare;
      found = [...found].sort((a, b) => {
        const [left, right] = [keys.get(a), keys.get(b)];
        return (typeof left === "number" ? left - right : compare(left, right)) * (state.down ? -1 : 1);
      });
    }
    heads.forEach((head, place) => head.setAttribute("aria-sort", place !== state.by ? "none" : state.down ? "descending" : "ascending"));
    state.page = 0;
    draw();
  }
  function draw() {
    const first = state.page * PAGE;
    body.replaceChildren(...found.slice(first, first + PAGE).map((row) => h("tr", {}, columns.map((column) => h("td", { class: column.num && "num" }, column.cell(row))))));
    scroll.hidden = found.length === 0;
    made.querySelector(".empty")?.remove();
    if (found.length === 0) pager.before(rows.length === 0 ? empty(...none) : empty("Nothing fits", "Change or empty the filter."));
    note.textContent = found.length === rows.length ? counted(rows.length, one, many) : `${found.length.toLocaleString("en")} of ${counted(rows.length, one, many)}`;
    const last = Math.min(first + PAGE, found.length);
    pager.replaceChildren();
    pager.hidden = found.length <= PAGE;
    pager.append(`${(first + 1).toLocaleString("en")}–${last.toLocaleString("en")} of ${found.length.toLocaleString("en")} `,
      h("button", { type: "button", class: "btn", disabled: state.page === 0, on: { click: () => turn(-1) } }, "Previous"), " ",
      h("button", { type: "button", class: "btn", disabled: last >= found.length, on: { click: () => turn(1) } }, "Next"));
  }
  function turn(by) {
    state.page += by;
    draw();
    (pager.querySelector(by > 0 ? "button:last-child:not(:disabled)" : "button:not(:disabled)") ?? pager.querySelector("button:not(:disabled)"))?.focus();
  }
  order();
  return Object.assign(made, { find, refresh: draw });
}
