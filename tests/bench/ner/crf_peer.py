"""A public tagger on the same data: CRFsuite (python-crfsuite 0.9), linear chain, averaged perceptron or L-BFGS, with the
usual news template (words, affixes, case, digits and punctuation in a window of two, pairs of words).

  crf_peer.py --data FOLDER --recipe FILE [--hold NAME].. [--test FILE[,no-misc]].. [--algorithm ap|lbfgs] [--iterations N]

Reads the recipe that wiredesk-train reads and leaves out the same files; prints the same lines (exact spans), and tokens a
second of processor time for tagging alone (features ready) and with the features made.
"""
import argparse, os, sys, tempfile, time
import pycrfsuite

from spans import Measure, read, spans


def shape(word):
    out = ''
    for c in word:
        s = 'X' if c.isupper() else 'x' if c.islower() else 'd' if c.isdigit() else c
        if out[-2:] != s + s:
            out += s
    return out


def features(words):
    lower = [w.lower() for w in words]
    shapes = [shape(w) for w in words]
    rows = []
    for i, word in enumerate(words):
        row = ['b', 'w=' + word]
        for d in (-2, -1, 0, 1, 2):
            j = i + d
            inside = 0 <= j < len(words)
            row.append('l%d=%s' % (d, lower[j] if inside else '|'))
            row.append('s%d=%s' % (d, shapes[j] if inside else '|'))
        for n in (1, 2, 3, 4):
            if len(word) > n:
                row += ['p%d=%s' % (n, lower[i][:n]), 'x%d=%s' % (n, lower[i][-n:])]
        left = lower[i - 1] if i > 0 else '|'
        right = lower[i + 1] if i + 1 < len(words) else '|'
        row += ['ll=' + left + ' ' + lower[i], 'lr=' + lower[i] + ' ' + right]
        row.append('ss=%s %s %s' % (shapes[i - 1] if i else '|', shapes[i], shapes[i + 1] if i + 1 < len(words) else '|'))
        rows.append(row)
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True)
    parser.add_argument('--recipe', required=True)
    parser.add_argument('--hold', action='append', default=[])
    parser.add_argument('--test', action='append', default=[])
    parser.add_argument('--algorithm', default='ap')
    parser.add_argument('--iterations', type=int, default=8)
    options = parser.parse_args()
    files, tests = [], []
    for line in open(options.recipe):
        words = line.split('#')[0].split()
        if words:
            held = any(h in words[0] for h in options.hold)
            (tests if held else files).append((words[0], 'no-misc' in words))
    tests += [(t.split(',')[0], ',no-misc' in t) for t in options.test]
    trainer = pycrfsuite.Trainer(algorithm=options.algorithm, verbose=False)
    trainer.set_params({'max_iterations': options.iterations})
    count = 0
    for name, _ in files:
        for words, tags in read(os.path.join(options.data, name)):
            trainer.append(features(words), tags)
            count += len(words)
    model = os.path.join(tempfile.mkdtemp(), 'crf')
    begun = time.process_time()
    trainer.train(model)
    print('trained on %d tokens in %.0f s of processor time, model %.1f MB' %
          (count, time.process_time() - begun, os.path.getsize(model) / 1e6), file=sys.stderr)
    tagger = pycrfsuite.Tagger()
    tagger.open(model)
    tokens = tag_seconds = all_seconds = 0
    for name, no_misc in tests:
        measure = Measure(no_misc)
        for words, tags in read(os.path.join(options.data, name)):
            begun = time.process_time()
            sequence = pycrfsuite.ItemSequence(features(words))
            middle = time.process_time()
            found = spans(tagger.tag(sequence))
            tag_seconds += time.process_time() - middle
            all_seconds += time.process_time() - begun
            tokens += len(words)
            measure.add(spans(tags), found)
        print(measure.line(name))
    print('%d tokens, %.0f tokens a second tagging alone, %.0f with features' % (tokens, tokens / tag_seconds, tokens / all_seconds))


main()
