// Makes media_topics_table.h from the IPTC's Media Topics.
//   node make_media_topics.mjs mediatopics.tsv > media_topics_table.h
// Columns of the source: qcode, English name, broader qcodes, Subject Code, Wikidata item, date of retirement.
import { readFileSync } from "node:fs";

const code = (qcode) => (qcode ? Number(qcode.replace("medtop:", "")) : 0);
const rows = readFileSync(process.argv[2], "utf8")
  .split("\n")
  .slice(1)
  .filter(Boolean)
  .map((line) => {
    const [qcode, name, broader, subject, wikidata, retired] = line.split("\t");
    const parents = broader.split(/[ ,;|]+/).filter(Boolean).map(code);
    return { code: code(qcode), name, parent: parents[0] ?? 0, subject: Number(subject), wikidata: Number(wikidata.replace(/^.*Q/, "")), retired: retired !== "" };
  })
  .sort((a, b) => a.code - b.code);
// Of topics with the same Subject Code one that is in use, then the one with the lowest number.
const bySubject = new Map();
rows.forEach((row, index) => {
  const before = row.subject > 0 ? bySubject.get(row.subject) : undefined;
  if (row.subject > 0 && (before === undefined || (rows[before].retired && !row.retired))) bySubject.set(row.subject, index);
});
const text = (name) => JSON.stringify(name);
console.log(`/* Made by make_media_topics.mjs; do not edit. IPTC Media Topics (c) IPTC, http://cv.iptc.org/newscodes/mediatopic/,
 * CC BY 4.0: see README.md. */
/* clang-format off */
static const struct wd_topic topics[] = {`);
for (const row of rows) console.log(`{${row.code}, ${row.parent}, ${row.wikidata}, ${row.retired}, ${text(row.name)}},`);
console.log("};\nstatic const struct subject_code subject_codes[] = {");
for (const [subject, index] of [...bySubject].sort((a, b) => a[0] - b[0])) console.log(`{${subject}, ${index}},`);
console.log("};\n/* clang-format on */");
