"""Invented stories, the same for the same seed: new ones, updates, corrections, kills, late versions,
repeats, reprints, pages of plain text, and messages that are no stories at all."""
import random

import orjson

PLACES = ["London", "Vienna", "Chile", "Japan", "Utah", "Tehran", "Canada"]
WORDS = ("harbour council bridge vote harvest inspector tunnel orchard ferry budget pupils storm "
         "museum clinic railway festival engineer mayor river union licence report").split()
BROKEN = [b"", b"   \n", b"{\"uri\": \"urn:x:1\", \"headline\": \"cut", b"\xff\xfe binary", b"[" * 10000 + b"]" * 10000,
          b'{"uri": "urn:x:2", "uri": "urn:x:3", "headline": "twice"}', b'{"uri": 7, "headline": "number"}',
          b'{"some": "json"}', b"<rss></rss>", b'{"uri": "urn:x:4", "headline": "nul \\u0000 byte"}',
          b"Text with a NUL\x00 byte\n\nand a paragraph"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.stories = []
        self.sent = []

    def sentence(self):
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(9, 16))]
        return " ".join(words).capitalize() + " in " + self.random.choice(PLACES) + "."

    def new(self):
        number = len(self.stories)
        story = {"uri": f"urn:example:story:{self.random.randrange(10**9)}-{number}", "type": "text", "version": "1",
                 "firstcreated": "2021-05-04T08:00:00Z", "versioncreated": "2021-05-04T08:00:00Z", "pubstatus": "usable",
                 "headline": self.sentence(), "body_text": "\n".join(self.sentence() for _ in range(4))}
        self.stories.append(story)
        return orjson.dumps(story)

    def next_version(self, **changes):
        story = self.random.choice(self.stories)
        story["version"] = str(int(story["version"]) + 1)
        story["versioncreated"] = f"2021-05-04T{8 + min(int(story['version']), 15):02d}:30:00Z"
        story["body_text"] += "\n" + self.sentence()
        return orjson.dumps({**story, **changes})

    def message(self):
        roll = self.random.random()
        if roll < 0.45 or not self.stories:
            return self.new()
        if roll < 0.60:
            return self.next_version()
        if roll < 0.66:
            return self.next_version(ednote="CORRECTS second paragraph")
        if roll < 0.70:
            return self.next_version(pubstatus="canceled")
        if roll < 0.80:
            return self.random.choice(self.sent)
        if roll < 0.85:  # late: an older version again, under a body of its own
            story = self.random.choice(self.stories)
            return orjson.dumps({**story, "version": "1", "versioncreated": "2021-05-04T07:00:00Z", "body_text": self.sentence()})
        if roll < 0.90:  # somebody else prints the same copy
            story = self.random.choice(self.stories)
            return orjson.dumps({**story, "uri": story["uri"] + ":reprint", "version": "1", "pubstatus": "usable"})
        if roll < 0.95:
            return (f"{self.sentence()}\nPublished: May 4, 2021 09:15AM\nUpdated: May 4, 2021 09:15AM\n\n"
                    f"Vienna \u2022 {self.sentence()}\n\n{self.sentence()}\n").encode()
        return self.random.choice(BROKEN)

    def messages(self, count):
        out = []
        for _ in range(count):
            out.append(self.message())
            if len(out[-1]) > 300 and out[-1][:1] == b"{":
                self.sent.append(out[-1])
        return out
