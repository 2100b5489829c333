// What the package is, who signed it, how it may be used, and what stays with the sender.
import { card, counted, empty, facts, h, moment, said, table, told } from "./page.js";

const party = (one) => [h("bdi", {}, told(one.name)), ` (${told(one.where)})`];

export function overview(content) {
  const { head, verdicts, refused } = content;
  const { package: what, checked, marking, counts } = head;
  const wholly = checked.card ? "card of keys" : "key";
  return h("div", { class: "two" }, h("div", {},
    card("What this is", `package ${what.id.slice(0, 12)}`, facts(["From", party(head.sender)], ["For", head.recipients.map((one) => h("div", {}, party(one)))], ["Case of the sender", said(what.reference)], ["Purpose", said(what.purpose)], ["Agreement", [said(head.agreement.title), h("div", { class: "small muted" }, said(head.agreement.basis), ` ends on ${head.agreement.ends}`)]], ["Made", moment(what.made)], ["It holds", [["reports", "report"], ["records", "record"], ["links", "tie"], ["judgements", "verdict"], ["evidence", "file"]].map(([name, one]) => counted(Number(counts[name]), one)).join(", ")], ["Comparing", head.compare ? "You may look for the same things among your own records." : "You may not compare it with your own records."])),
    card("What stays with the sender", counted(head.withheld.reduce((sum, [, n]) => sum + Number(n), 0), "item"), head.withheld.length > 0 ? table(["Reason", "Number"], head.withheld.map(([reason, n]) => [told(reason), Number(n).toLocaleString("en")])) : empty("Nothing stays", "Everything of the case went into the package.")),
    head.summary.length > 0 && card("Coded summary of protected persons", "counts alone; what is not listed is none, or held back", table(["Who", "By", "Code", "Persons"], head.summary.map(([of, by, code, n]) => [told(of), told(by), told(code), Number(n).toLocaleString("en")]))),
    refused.length > 0 && card("Not shown", counted(refused.length, "item"), h("p", { class: "body small" }, "A jpa that receives the package refuses these alone, and names them in its receipt."), table(["What", "Why"], refused.slice(0, 200).map((one) => [h("span", { class: "break" }, `${one.kind} ${one.id}`), told(one.reason)]))),
    verdicts.length > 0 && card("Verdicts of the sender", verdicts.length, h("p", { class: "body small" }, "They bind nobody. This page puts together what the sender holds to be the same, and what shares an identifying number."))),
  h("div", {},
    card("Marking", "", h("div", { class: "body stack" }, h("p", {}, h("b", {}, [marking.tlp, marking.handling, marking.pap].filter(Boolean).join(" "))), marking.conditions.length > 0 && h("ul", {}, marking.conditions.map((one) => h("li", {}, told(one)))), h("p", { class: "small muted" }, "The strictest inside: it stands above every screen and on every printed page. Each report has its own beside it."))),
    card("Checked", h("span", { class: "tag good" }, "whole, signed and sound"), facts(["Signed by", party(head.sender)], [`Its ${wholly}`, [h("code", { class: "words" }, checked.words), h("div", { class: "small muted break" }, checked.fingerprint)]], ["Opened for", party(head.own)], ["Checked", moment(checked.at)], ["Manifest", h("code", { class: "small break" }, checked.manifest)]), h("p", { class: "body small" }, "So jpa found it when this page was made. The page itself is neither signed nor closed: keep it where the case may be kept, and make it anew from the package to be sure."))));
}
