// What the page holds: the parts read once, records put together into things as the sender holds them to be one.
const RECORD = ["id", "type", "report", "caption", "values", "roles", "key", "hash", "entered", "officer", "supersedes"];
const LINK = ["id", "type", "report", "source", "target", "values", "hash", "entered", "officer", "supersedes"];
const REPORT = ["id", "title", "reference", "date", "grade", "words", "line", "tlp", "pap", "handling", "release", "entered", "officer", "origin", "text", "day"];
const FILE = ["id", "report", "name", "bytes", "sha256", "officer", "entered", "why"];
const CUSTODY = ["file", "what", "by", "at", "why", "held"];
const VERDICT = ["left", "right", "verdict", "at", "reason"];
const REFUSED = ["id", "kind", "reason"];

const named = (names) => (row) => Object.fromEntries(names.map((name, place) => [name, row[place]]));

export function read() {
  const rows = { record: [], link: [], report: [], file: [], custody: [], verdict: [], refused: [] };
  let head;
  for (const part of document.querySelectorAll("script.part")) {
    const said = JSON.parse(part.textContent);
    part.remove(); // the text is not needed twice
    if (said.kind === "head") head = said.head;
    else for (const row of said.rows) rows[said.kind].push(row);
  }
  const reports = rows.report.map(named(REPORT));
  const records = rows.record.map(named(RECORD));
  const links = rows.link.map(named(LINK));
  const verdicts = rows.verdict.map(named(VERDICT)).map((v) => ({ ...v, left: records[v.left], right: records[v.right] }));
  for (const one of [...records, ...links]) one.report = reports[one.report];
  for (const tie of links) { tie.source = records[tie.source]; tie.target = records[tie.target]; }
  const files = rows.file.map(named(FILE)).map((f) => ({ ...f, report: reports[f.report] }));
  const custody = rows.custody.map(named(CUSTODY));
  const gone = new Set([...records, ...links].map((one) => one.supersedes).filter(Boolean));
  for (const one of [...records, ...links]) one.inForce = !gone.has(one.id);
  return { head, reports, records, links: links.filter((tie) => tie.inForce), verdicts, files, custody, refused: rows.refused.map(named(REFUSED)), things: things(records, verdicts, links) };
}

function things(records, verdicts, links) {
  const above = new Map();
  const top = (one) => {
    let at = one;
    while (above.has(at)) at = above.get(at);
    if (at !== one) above.set(one, at);
    return at;
  };
  const join = (left, right) => {
    const one = top(left);
    const other = top(right);
    if (one !== other) one.id < other.id ? above.set(other, one) : above.set(one, other);
  };
  const byKey = new Map();
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const record of records) {
    if (record.key) byKey.has(record.key) ? join(byKey.get(record.key), record) : byKey.set(record.key, record);
    if (byId.has(record.supersedes)) join(byId.get(record.supersedes), record);
  }
  for (const verdict of verdicts) if (verdict.verdict === "same") join(verdict.left, verdict.right);
  const found = new Map();
  for (const record of records) {
    const first = top(record);
    if (!found.has(first)) found.set(first, { records: [], history: [], ties: [], roles: new Set() });
    const thing = found.get(first);
    (record.inForce ? thing.records : thing.history).push(record);
    for (const role of record.roles) thing.roles.add(role);
    record.thing = thing;
  }
  for (const thing of found.values()) {
    if (thing.records.length === 0) thing.records = thing.history.splice(0);
    thing.records.sort((a, b) => (a.id < b.id ? -1 : 1));
    Object.assign(thing, { id: thing.records[0].id, type: thing.records[0].type, caption: thing.records[0].caption });
  }
  for (const tie of links) {
    if (!tie.inForce) continue;
    tie.source.thing.ties.push(tie);
    if (tie.target.thing !== tie.source.thing) tie.target.thing.ties.push(tie);
  }
  return [...found.values()];
}

// In the order of a reader: each kind as the catalogue lists them, people first, and within a kind by caption.
export function inOrder(ones, types, caption) {
  const places = new Map(Object.keys(types).map((name, place) => [name, place]));
  const keys = new Map(ones.map((one) => [one, caption(one).toLowerCase()]));
  return [...ones].sort((a, b) => places.get(a.type) - places.get(b.type) || (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0));
}

// All that a search looks through, in small letters; made when it is first asked for.
export function haystack(one) {
  const of = one.records ?? [one];
  one.hay ??= of.flatMap((record) => [record.caption ?? "", record.report.reference, record.report.title, ...record.values.flatMap((v) => [v[1], v[2] ?? ""])]).join("\n").toLowerCase();
  return one.hay;
}
