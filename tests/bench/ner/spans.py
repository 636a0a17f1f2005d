"""Names in two-column corpora, and precision, recall and F1 of exact spans; for the peers in this folder."""
TYPES = ['PER', 'ORG', 'LOC', 'MISC']


def read(path):
    """Sentences as (words, tags)."""
    words, tags = [], []
    for line in open(path, encoding='utf-8'):
        columns = line.rstrip('\r\n').split('\t')
        if columns[0] and not columns[0].startswith('-DOCSTART'):
            words.append(columns[0])
            tags.append(columns[-1])
        elif words:
            yield words, tags
            words, tags = [], []
    if words:
        yield words, tags


def spans(tags, marked=True):
    """(begin, end, type) of IOB2 tags; without B- and I- where `marked` is false."""
    found, begin = set(), None
    kind = (lambda tag: tag[2:]) if marked else (lambda tag: tag)
    for i, tag in enumerate(list(tags) + ['O']):
        opens = marked and tag.startswith('B-')
        if begin is not None and (opens or tag == 'O' or kind(tag) != kind(tags[begin])):
            found.add((begin, i, kind(tags[begin])))
            begin = None
        if tag != 'O' and begin is None:
            begin = i
    return found


class Measure:
    def __init__(self, no_misc=False):
        self.types = TYPES[:3] if no_misc else TYPES
        self.counts = {t: [0, 0, 0] for t in self.types}  # right, found, gold

    def add(self, gold, found):
        for which, some in enumerate((gold & found, found, gold)):
            for _, _, kind in some:
                if kind in self.counts:
                    self.counts[kind][which] += 1

    def line(self, name):
        total = [sum(c[k] for c in self.counts.values()) for k in range(3)]
        f1 = lambda c: 200.0 * c[0] / (c[1] + c[2]) if c[1] + c[2] else 0.0
        return '%-34s F1 %5.2f  %s' % ('/'.join(name.split('/')[-2:]), f1(total), '  '.join('%s %5.2f' % (t, f1(c)) for t, c in self.counts.items()))
