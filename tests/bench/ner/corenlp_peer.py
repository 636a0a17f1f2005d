"""Stanford CoreNLP's named-entity recogniser (Maven Central: edu.stanford.nlp:stanford-corenlp 4.5.10 and its models; Java 17),
the four-class English model, on the tokens of corpora.

  corenlp_peer.py FOLDER_WITH_JARS FILE.iob2[,no-misc]..

It was trained on other data, after the guide that ours descends from: PER ORG LOC MISC mean the same but for details.
Prints F1 of exact spans for each file and tokens a second of processor time (the virtual machine's, all threads): the
time for two copies of the text less that for one, so that loading is left out and most of the compiling.
"""
import os, resource, subprocess, sys, tempfile

from spans import Measure, read, spans

NAMES = {'PERSON': 'PER', 'ORGANIZATION': 'ORG', 'LOCATION': 'LOC'}
MODEL = 'edu/stanford/nlp/models/ner/english.conll.4class.distsim.crf.ser.gz'


def write(sentences, path, copies):
    with open(path, 'w', encoding='utf-8') as out:
        for _ in range(copies):
            for words, _ in sentences:
                out.writelines('%s\tO\n' % w.replace('\xa0', '_') for w in words)
                out.write('\n')


def run(jars, path):
    """Labels in order, and seconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(['java', '-Xmx2g', '-cp', os.pathsep.join(jars), 'edu.stanford.nlp.ie.crf.CRFClassifier',
                           '-loadClassifier', MODEL, '-testFile', path, '-map', 'word=0,answer=1', '-readerAndWriter',
                           'edu.stanford.nlp.sequences.ColumnDocumentReaderAndWriter'],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, encoding='utf-8')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    labels = [line.split('\t')[-1] for line in done.stdout.split('\n') if '\t' in line]
    return [NAMES.get(label, label) for label in labels], seconds


def find_jars(folder):
    return [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names if name.endswith('.jar')]


def main():
    jars = find_jars(sys.argv[1])
    everything = []
    for name in sys.argv[2:]:
        path, _, option = name.partition(',')
        sentences = list(read(path))
        everything += sentences
        with tempfile.TemporaryDirectory() as folder:
            tokens = os.path.join(folder, 'tokens')
            write(sentences, tokens, 1)
            labels, _ = run(jars, tokens)
        measure, at = Measure(option == 'no-misc'), 0
        assert len(labels) == sum(len(w) for w, _ in sentences), 'CoreNLP has split the tokens anew'
        for words, gold in sentences:
            measure.add(spans(gold), spans(labels[at:at + len(words)], marked=False))
            at += len(words)
        print(measure.line(path))
    with tempfile.TemporaryDirectory() as folder:
        tokens = os.path.join(folder, 'tokens')
        write(everything, tokens, 1)
        once = run(jars, tokens)[1]
        write(everything, tokens, 2)
        count = sum(len(w) for w, _ in everything)
        print('%.0f tokens a second of processor time' % (count / (run(jars, tokens)[1] - once)))


main()
