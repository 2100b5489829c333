// Files of the package: saved or looked at where they lie in the page, named with their hash where they do not.
import { card, counted, empty, h, link, moment, said, short, sized, table, told } from "./page.js";
import { download } from "./proposals.js";

const PICTURES = [["image/png", [0x89, 0x50, 0x4e, 0x47]], ["image/jpeg", [0xff, 0xd8, 0xff]], ["image/gif", [0x47, 0x49, 0x46, 0x38]]];
const PASSIVE = /\.(pdf|png|jpe?g|gif|webp|tiff?|heic|txt|csv|tsv|json|jsonl|docx|xlsx|pptx|odt|ods|mp3|mp4|m4a|wav|ogg|mov|avi|zip|eml)$/i;

function bytes(sha256) {
  const text = document.querySelector(`script.file[data-sha256="${CSS.escape(sha256)}"]`)?.textContent ?? "";
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// A name that no system misreads; what could run when it is opened gets an end that does not.
function safe(name) {
  const plain = name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N} ._()-]/gu, "_").replace(/^[. ]+/, "").slice(-120) || "file";
  return PASSIVE.test(plain) ? plain : `${plain}.file`;
}

export function evidence(content, panel) {
  const { files, custody, head } = content;
  if (files.length === 0) return card("Evidence", "", empty("No file", "No file of evidence was sent with this package."));
  const here = new Set(head.embedded);
  const look = h("div");
  function open(file) {
    const content = bytes(file.sha256);
    const [type] = PICTURES.find(([, magic]) => magic.every((byte, place) => content[place] === byte)) ?? [];
    const title = h("bdi", { class: "break" }, told(file.name));
    let shown = empty("It cannot be looked at here", "Save it, check its hash, and open it with the program of your agency.");
    if (type) {
      const image = h("img", { class: "evidence", alt: told(file.name), src: URL.createObjectURL(new Blob([content], { type })) });
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      shown = h("div", { class: "body" }, image);
    } else if (/\.(txt|csv|json|jsonl)$/i.test(file.name)) {
      shown = h("div", { class: "body pre break", dir: "auto" }, told(new TextDecoder().decode(content.slice(0, 200_000))), content.length > 200_000 && "…");
    }
    look.replaceChildren(card(title, sized(file.bytes), shown));
    look.querySelector("h2").focus();
  }
  const acts = (file) => (here.has(file.sha256) ? h("div", { class: "actions small" }, link("Look", () => open(file)), " ", link("Save", () => download(bytes(file.sha256), safe(file.name)))) : h("div", { class: "small muted" }, `in the package, not in this page: more than ${head.most}, or no room`));
  const rows = files.map((file) => [[h("bdi", { class: "break" }, told(file.name)), acts(file)], h("bdi", { class: "nowrap" }, sized(file.bytes)), h("details", { class: "small" }, h("summary", {}, h("code", {}, `${file.sha256.slice(0, 12)}…`)), h("code", { class: "break" }, file.sha256)), file.report ? panel.source(file.report) : h("span", { class: "muted" }, "a report that is not shown"), h("span", { class: "small" }, h("bdi", {}, told(file.officer)), h("div", { class: "muted" }, moment(file.entered))), said(file.why)]);
  const names = new Map(files.map((file) => [file.id, file.name]));
  const hands = custody.slice(0, 1000).map((hand) => [h("bdi", { class: "break" }, short(names.get(hand.file) ?? hand.file)), told(hand.what), h("bdi", {}, told(hand.by)), moment(hand.at), [said(hand.why), hand.held ? "" : h("span", { class: "tag bad" }, "was not whole")]]);
  return h("div", { class: "one" }, card("Evidence", counted(files.length, "file"), table(["File", "Size", "SHA-256", "Report", "Added", "Why"], rows)), look, card("Custody at the sender", counted(custody.length, "line"), hands.length > 0 ? table(["File", "What", "By", "When", "Why"], hands) : empty("Nothing stated", "The sender gave no lines of custody."), custody.length > 1000 && h("p", { class: "body small" }, "The first 1,000 lines; the package has all.")));
}
