// Proposals to the sender: kept in this tab's own history, where no other file can read them; saved as a file on demand.
import { card, counted, empty, h, link, short, table, told } from "./page.js";

const MOST_ITEMS = 2000;
const MOST_BYTES = 16 * 1024 * 1024;
export const KINDS = { "seen here too": "seen here too", "not the same": "not the same", "another value": "another value" };

const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

// RFC 8785 for strings, lists and objects: what JSON.stringify writes, names in order, nothing that is not said.
export function canonical(content) {
  if (Array.isArray(content)) return `[${content.map(canonical).join(",")}]`;
  if (typeof content === "object") return `{${Object.keys(content).filter((name) => content[name] !== undefined && content[name] !== null).sort().map((name) => `${JSON.stringify(name)}:${canonical(content[name])}`).join(",")}}`;
  return JSON.stringify(whole(content));
}

export class Proposals {
  constructor(head, changed) {
    this.head = head;
    this.changed = changed;
    const kept = history.state?.package === head.package.id && history.state?.manifest === head.checked.manifest ? history.state : {};
    this.items = kept.items ?? [];
    this.contact = kept.contact ?? "";
    this.saved = kept.saved ?? true;
    this.keeps = true;
    addEventListener("beforeunload", (event) => { if (!this.saved) event.preventDefault(); });
  }
  of(id) { return this.items.filter((item) => item.about === id); }
  add(item) {
    if (this.items.length >= MOST_ITEMS) return `${MOST_ITEMS} are the most in one file. Save them, take them away, and go on.`;
    this.items.push({ id: random(), ...item });
    this.keep(false);
    return "";
  }
  remove(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.keep(this.items.length === 0);
  }
  keep(saved, quiet = false) {
    this.saved = saved;
    try {
      history.replaceState({ package: this.head.package.id, manifest: this.head.checked.manifest, items: this.items, contact: this.contact, saved }, "");
      this.keeps = true;
    } catch {
      this.keeps = false; // too much for the browser: saving is what remains, and the screen says so
    }
    if (!quiet) this.changed(); // a screen that is drawn again would lose the click that left a field
  }
  text() {
    const { agency, name, state } = this.head.own;
    return `${canonical({ format: "1", jpa: "proposals", package: this.head.package.id, manifest: this.head.checked.manifest, by: { agency, name, state }, contact: this.contact, made: new Date().toISOString().replace("Z", "000+00:00"), items: this.items })}\n`;
  }
  save() {
    const content = new TextEncoder().encode(this.text());
    if (content.length > MOST_BYTES) return "They are more than a file may hold. Take some away and save them apart.";
    download(content, `proposals-${this.head.package.id.slice(0, 12)}.json`);
    this.keep(true);
    return "";
  }
  // A file that was saved before: its items join those that are here.
  async open(file) {
    let said;
    try { said = JSON.parse(await file.text()); } catch { return "This is no file of proposals."; }
    if (said?.jpa !== "proposals" || !Array.isArray(said.items)) return "This is no file of proposals.";
    if (said.package !== this.head.package.id || said.manifest !== this.head.checked.manifest) return "It is about another package, or another version of this one.";
    const names = ["id", "kind", "what", "about", "hash", "other", "property", "stated", "value", "reference", "text"];
    const fresh = said.items.filter((item) => item && names.every((name) => ["string", "undefined"].includes(typeof item[name])) && item.kind in KINDS && !this.items.some((one) => one.id === item.id));
    if (this.items.length + fresh.length > MOST_ITEMS) return `${MOST_ITEMS} are the most in one file.`;
    this.items.push(...fresh.map((item) => Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]))));
    if (typeof said.contact === "string" && this.contact === "") this.contact = said.contact.slice(0, 200);
    this.keep(this.saved && fresh.length === 0);
    return "";
  }
}

export function download(content, name) {
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const anchor = h("a", { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// What one item says, for reading.
export function worded(item, labels) {
  const what = [h("b", {}, item.kind)];
  if (item.property) what.push(" ", labels(item), ": ", h("bdi", { class: "break" }, told(item.value)), item.stated === undefined ? "" : h("span", { class: "muted" }, " instead of ", h("bdi", {}, short(item.stated))));
  if (item.text) what.push(h("div", { class: "small break" }, h("bdi", {}, told(item.text))));
  if (item.reference) what.push(h("div", { class: "small muted" }, "own reference ", h("bdi", {}, told(item.reference))));
  return what;
}

export function screen(proposals, names, labels, open) {
  const problem = h("p", { class: "error", role: "alert" });
  const tell = (text) => { problem.textContent = text; };
  const contact = h("input", { id: "contact", maxlength: 200, autocomplete: "off", on: { change: (event) => { proposals.contact = event.target.value; proposals.keep(proposals.items.length === 0, true); } } });
  contact.value = proposals.contact;
  const chooser = h("input", { type: "file", id: "reopen", accept: ".json,application/json", class: "visually-hidden", tabindex: -1, "aria-label": "Saved file of proposals", on: { change: async (event) => { tell(await proposals.open(event.target.files[0])); event.target.value = ""; } } });
  const rows = proposals.items.map((item) => [link(h("bdi", {}, short(names(item.about))), () => open(item.about)), [worded(item, labels), item.other ? h("div", { class: "small" }, "as ", h("bdi", {}, short(names(item.other)))) : ""], h("span", { class: "actions" }, link("Take away", () => proposals.remove(item.id)))]);
  const state = proposals.items.length === 0 ? "" : proposals.saved ? "saved as a file" : proposals.keeps ? "kept in this tab until it is closed; not saved as a file yet" : "too large to be kept when the page is loaded again: save them now";
  return card("Proposals to the sender", counted(proposals.items.length, "item"),
    h("div", { class: "body stack" },
      h("p", {}, "Open a thing or a tie and note what your agency knows of it. Nothing is sent from here: save the file and hand it to the sender, whose officers accept or refuse each item."),
      h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: "contact" }, "Desk or officer to ask"), contact)),
      h("p", { class: "actions" }, h("button", { type: "button", class: "btn primary", id: "save", disabled: proposals.items.length === 0, "data-key": "s", "data-label": "Save the proposals as a file", on: { click: () => tell(proposals.save()) } }, "Save as a file", h("span", { class: "key" }, "S")), " ",
        h("button", { type: "button", class: "btn", on: { click: () => chooser.click() } }, "Open a saved file"), chooser),
      h("p", { class: `small ${proposals.saved ? "muted" : "open"}`, role: "status" }, state), problem),
    rows.length > 0 ? table(["About", "Proposal", ""], rows) : empty("Nothing noted yet", "“Seen here too”, “not the same person”, “another value”: each with your own reference."));
}
