// Parts that every screen of the viewer is made of. What a package says reaches the page as text alone: nothing here takes markup.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
const LONG = 400;

export function h(name, given = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.flat(Infinity).filter((part) => part !== undefined && part !== null && part !== false));
  return made;
}

// Characters that nobody sees but that turn or hide what stands around them are written out.
export const told = (text) => String(text).replace(UNSEEN, (one) => `[U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
export const short = (text, most = 80) => { const whole = told(text); return whole.length > most ? `${[...whole.slice(0, most)].slice(0, -1).join("")}…` : whole; };

// A value in its own direction; a very long one in full on demand.
export function said(text) {
  const whole = told(text);
  if (whole.length <= LONG) return h("bdi", { class: "break" }, whole);
  const opened = () => { if (more.open && more.childElementCount < 2) more.append(h("bdi", { class: "break pre" }, whole)); };
  const more = h("details", { on: { toggle: opened } }, h("summary", {}, h("bdi", { class: "break" }, short(whole, LONG)), ` (${whole.length} characters)`));
  return more;
}

export function kind(declared) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `kind c-${declared.colour}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${declared.shape}`);
  svg.append(use);
  return svg;
}

export const card = (title, note, ...inside) => h("section", { class: "card" }, h("header", {}, h("h2", { tabindex: -1 }, title), h("bdi", { class: "note" }, note)), inside);
export const empty = (title, text) => h("div", { class: "empty" }, h("b", {}, title), text);
export const facts = (...pairs) => h("dl", { class: "body facts" }, pairs.filter(Boolean).map(([term, what]) => [h("dt", {}, term), h("dd", {}, what)]));
export const link = (text, act) => h("button", { type: "button", class: "as-link", on: { click: act } }, text);
export const counted = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
export const head = (...labels) => h("thead", {}, h("tr", {}, labels.map((label) => h("th", { scope: "col" }, label || h("span", { class: "visually-hidden" }, "What you can do")))));
export const table = (labels, rows) => h("div", { class: "scroll", tabindex: "0" }, h("table", {}, head(...labels), h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)))))));

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
export function moment(text) {
  const [day, time] = text.split("T");
  const [year, month, date] = day.split("-");
  return h("bdi", { class: "nowrap" }, `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time.slice(0, 5)} UTC`);
}
export const sized = (bytes) => (bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
