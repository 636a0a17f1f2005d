// Every record that wiredesk writes for the samples (and, where they are, for IPTC's own test files) must be
// valid; every example in schemas/examples must be what its folder says.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
const places = ["..", "../.."].map((up) => path.join(root, up, "shared/data/formats/iptc-newsinjson")); // the project; its worktrees
const data = places.find(existsSync) ?? places[0];
const binary = process.argv[2];
const require = createRequire(path.join(process.env.WD_MODULES, "package.json"));
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const schemaFile = (name) => path.join(root, "schemas", `${name}.schema.json`);
const ajv = addFormats(new Ajv({ allErrors: true, strictTypes: false }));
ajv.addSchema(readJson(schemaFile("common")));
const validators = Object.fromEntries(
  ["enriched", "update-event", "duplicate-event", "advisory-event", "tag", "config", "test-case"].map((name) => [name, ajv.compile(readJson(schemaFile(name)))]),
);
let failed = 0;
const report = (name, faults) => {
  failed += faults.length > 0;
  console.log(faults.length > 0 ? `not ok schemas/${name} - ${faults.slice(0, 9).join("; ")} (${faults.length} in all)` : `ok schemas/${name}`);
};
const faultsOf = (validate, value) =>
  validate(value) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);

function examples() {
  for (const folder of ["valid", "invalid"]) {
    for (const file of readdirSync(path.join(root, "schemas/examples", folder))) {
      const validate = validators[file.split(".")[0]];
      const faults = faultsOf(validate, readJson(path.join(root, "schemas/examples", folder, file)));
      const wrong = folder === "valid" ? faults : faults.length > 0 ? [] : ["was accepted"];
      report(`examples/${folder}/${file}`, wrong);
    }
  }
}

function replay(paths, config = "deploy/samples/wiredesk.json") {
  const options = { encoding: "utf8", maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "pipe"] };
  const text = execFileSync(binary, ["replay", "--all", path.join(root, config), ...paths], options);
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

// What the lines of a replay are, by their topic; with IPTC's schema also the story.
function recordFaults(lines, ninjs) {
  const kinds = { "news.stories": "enriched", stories: "enriched", "news.updates": "update-event", "news.duplicates": "duplicate-event", "news.advisories": "advisory-event" };
  const faults = lines.length > 0 ? [] : ["nothing was written"];
  for (const { topic, record, headers } of lines) {
    const where = headers["wiredesk-topic"];
    if (kinds[topic]) faults.push(...faultsOf(validators[kinds[topic]], record).map((fault) => `${where}: ${topic}${fault}`));
    if (ninjs && record?.story) faults.push(...faultsOf(ninjs, record.story).map((fault) => `${where}: story${fault}`));
  }
  return faults;
}

function configurations() {
  const now = execFileSync(binary, ["schema"], { encoding: "utf8" });
  report("config-is-current", now === readFileSync(schemaFile("config"), "utf8") ? [] : ["wiredesk schema > schemas/config.schema.json"]);
  const cases = execFileSync(binary, ["schema", "test-case"], { encoding: "utf8" });
  report("test-case-is-current", cases === readFileSync(schemaFile("test-case"), "utf8") ? [] : ["wiredesk schema test-case > schemas/test-case.schema.json"]);
  for (const file of readdirSync(path.join(root, "deploy/tests")))
    report(`deploy/tests/${file}`, faultsOf(validators["test-case"], readJson(path.join(root, "deploy/tests", file))));
  for (const file of ["deploy/wiredesk.json", "deploy/wiredesk-joined.json", "deploy/samples/wiredesk.json"])
    report(file, faultsOf(validators.config, readJson(path.join(root, file))));
  const wrong = { ...readJson(path.join(root, "deploy/wiredesk.json")), lanes: "two" };
  report("config-wrong-type", validators.config(wrong) ? ["was accepted"] : []);
}

function ninjsFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json") && !/should_fail|schema/.test(path.join(entry.path, entry.name)))
    .map((entry) => path.join(entry.path, entry.name));
}

// The inputs of the golden cases: every format's kills, corrections, embargoes, odd bytes.
function goldenInputs() {
  return ["formats", "bad_input", "providers"].flatMap((group) =>
    readdirSync(path.join(root, "tests/golden", group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(root, "tests/golden", group, entry.name, "input")),
  );
}

// IPTC's NewsML-G2 files that are no message: fragments of items, bare catalogs, an item without its itemMeta, a
// placeholder. All others become records.
const G2_REFUSED = {
  "LISTING_24_News_Message_conveying_a_complete_News_Package.xml": "missing",
  "LISTING_25_An_NITF_marked-up_article_conveyed_in_inlineXML.xml": "unknown_format",
  "LISTING_28_Illustrating_Located_Subject_and_Dateline.xml": "unknown_format",
  "LISTING_7_Group_Set_example_showing_Hierarchical_Package_Structure.xml": "unknown_format",
  "LISTING_8_Group_Set_example_showing_an_ALT_Package_Mode.xml": "unknown_format",
  "LISTING_9_Group_Set_example_showing_a_SEQ_Package_Mode.xml": "unknown_format",
  "2.29_retiring_scheme_scheme.xml": "unknown_format",
  "CR00209_retiring_scheme_scheme.xml": "unknown_format",
  "CR00216_authoritystatus_on_catalog.xml": "unknown_format",
  "CR00216_authoritystatus_on_catalog_uri.xml": "unknown_format",
  "CR00216_authoritystatus_on_scheme.xml": "unknown_format",
  "001_incomplete_file.xml": "missing",
};

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.path, entry.name))
    .sort();
}

function newsmlG2(folder, ninjs) {
  const files = filesBelow(folder, ".xml").filter((file) => !file.includes("/schemas/"));
  const lines = replay(files, "tests/golden/formats/config.json"); // decoders only
  const faults = recordFaults(lines, ninjs);
  const told = new Map(files.map((file) => [file, "nothing came out"]));
  for (const { record, headers } of lines)
    if (record?.story || headers["wiredesk-reason"]) told.set(headers["wiredesk-topic"], headers["wiredesk-reason"] ?? "record");
  for (const [file, outcome] of told) {
    const wanted = G2_REFUSED[path.basename(file)] ?? "record";
    if (outcome !== wanted) faults.push(`${path.basename(file)}: ${outcome}, not ${wanted}`);
  }
  console.log(`# newsml-g2: ${files.length} files, ${[...told.values()].filter((outcome) => outcome === "record").length} read`);
  report("iptc-newsml-g2", faults);
}

// `wiredesk tag` over the words of our samples: each line is what its schema says.
function tagged() {
  const files = ["01-bridge-page.txt", "02-bridge-page-updated.txt", "12-empty.txt"];
  const paths = files.map((file) => path.join(root, "deploy/samples/stories", file));
  const text = execFileSync(binary, ["tag", "--json", ...paths], { encoding: "utf8" });
  const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const faults = lines.flatMap((line) => faultsOf(validators.tag, line));
  if (lines.length !== files.length || !lines.some((line) => line.entities.length > 0)) faults.push("lines or names are missing");
  report("tag", faults);
}

examples();
configurations();
tagged();
if (existsSync(data)) {
  const geojson = { ...readJson(path.join(data, "test_suite/GeoJSON-schema.json")), $schema: undefined };
  const ninjsAjv = addFormats(new Ajv({ allErrors: true, strict: false })).addSchema(geojson, "https://geojson.org/schema/GeoJSON.json");
  const ninjs = ninjsAjv.compile(readJson(path.join(data, "schemas/ninjs-schema_3.1.json")));
  report("samples", recordFaults(replay([path.join(root, "deploy/samples/stories")]), ninjs));
  report("golden-inputs", recordFaults(replay(goldenInputs()), ninjs));
  for (const folder of ["examples", "test_suite"]) {
    const files = ninjsFiles(path.join(data, folder)).sort();
    const lines = replay(files);
    const stories = lines.filter((line) => line.record?.story || line.record?.uri).length;
    console.log(`# ${folder}: ${files.length} files, ${stories} records, ${lines.length - stories} dead letters`);
    report(`iptc-${folder}`, recordFaults(lines, ninjs));
  }
  report("iptc-other-formats", recordFaults(replay([...filesBelow(path.join(data, "other-formats"), ".xml"), ...filesBelow(path.join(data, "examples/NewsML"), ".xml")]), ninjs));
  newsmlG2(path.join(data, "../iptc-newsml-g2"), ninjs);
} else {
  report("samples", recordFaults(replay([path.join(root, "deploy/samples/stories")]), null));
  report("golden-inputs", recordFaults(replay(goldenInputs()), null));
  console.log("skip schemas/ninjs - IPTC's schema is not here");
}
process.exitCode = failed > 0 ? 1 : 0;
