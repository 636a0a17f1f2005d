"""What the tagger's model is worth where it has not been, and what each of its parts is: trains again and again.

  evidence.py WHAT TRAIN LEXICON LISTS [DATA] [-- OPTION..]      WHAT: regions, curve, ablation; options go to wiredesk-train

regions   each region of wire-synth left out as a whole, and thirds of wire-gold: F1 by type on what was left out
curve     the same held-out files with a tenth to all of the stories to learn from
ablation  the same held-out files without one group of features each
Prints rows of Markdown as they come. A training takes about 40 s of one core.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '../../..')
RECIPE = os.path.join(ROOT, 'processors/entities/model/english.recipe')
REGIONS = [['africa.iob2', 'africa_asia2'], ['latam_mideast.iob2', 'latam_mideast2'], ['south_asia'], ['east_asia_oceania'], ['europe_eurasia'],
           ['north_america'], ['local_us'], ['world'], ['politics_features'], ['business_science'], ['sport2', 'sport_markets'],
           ['news-0', 'news-1'], ['news-2', 'news-3'], ['news-4', 'news-5']]
HELD = ['news-5', 'sport2', 'business_science', 'latam_mideast2']
GROUPS = [('nothing', []), ('words and pairs of words', ['--without', 'words']), ('spelling: shapes, affixes, runs of capitals', ['--without', 'spelling']),
          ('clusters and case statistics', ['--without', 'clusters']), ('lists', ['--without', 'lists']),
          ('place: position, tables, headings', ['--without', 'place']), ('story: the same word elsewhere', ['--without', 'story']),
          ('hidden layer over vectors', ['--vectors', '0'])]
LINE = re.compile(r'(\S+) +F1 +([\d.]+) +P +([\d.]+) +R +([\d.]+) +(.*?) +\((\d+) names\)')


def measure(command, options):
    """Lines of wiredesk-train: (file, [F1, P, R], {type: F1}, names)."""
    done = subprocess.run(command + options, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, encoding='utf-8')
    for found in LINE.finditer(done.stdout):
        types = found[5].split()
        yield found[1], [float(found[k]) for k in (2, 3, 4)], dict(zip(types[::2], types[1::2])), int(found[6])


def row(cells):
    print('| ' + ' | '.join(str(c) for c in cells) + ' |', flush=True)


def head(cells):
    row(cells)
    row(['---'] * len(cells))


def regions(command):
    head(['left out', 'F1', 'precision', 'recall', 'PER', 'ORG', 'LOC', 'MISC', 'names'])
    for files in REGIONS:
        for name, figures, types, names in measure(command, [o for f in files for o in ('--hold', f)]):
            row([os.path.splitext(name)[0]] + figures + [types[t] for t in ('PER', 'ORG', 'LOC', 'MISC')] + [names])


def compare(command, runs):
    tests = ['devtest/uner_pud/uner_pud.iob2,no-misc', 'devtest/uner_ewt/uner_ewt.test.iob2,no-misc']
    held = [o for f in HELD for o in ('--hold', f)] + [o for f in tests for o in ('--test', f)]
    for number, (title, options) in enumerate(runs):
        lines = list(measure(command, held + options))
        if number == 0:
            head(['', *(os.path.splitext(os.path.basename(n))[0] for n, _, _, _ in lines)])
        row([title] + [figures[0] for _, figures, _, _ in lines])


def main():
    arguments, _, options = ' '.join(sys.argv[1:]).partition(' -- ')
    what, train, lexicon, lists, data = (arguments.split() + [os.path.join(ROOT, '../shared/data/ner')])[:5]
    command = [train, '--data', data, '--recipe', RECIPE, '--lexicon', lexicon, '--lists', lists] + options.split()
    if what == 'regions':
        regions(command)
    elif what == 'curve':
        compare(command, [('%d%% of the stories' % p, ['--share', str(p)]) for p in (10, 20, 40, 70, 100)])
    elif what == 'ablation':
        compare(command, GROUPS)
    else:
        sys.exit(__doc__)


main()
