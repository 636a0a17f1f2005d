#!/usr/bin/env python3
"""Writes random scenarios (form: scenario.h) without an end: every order of arrival must come to what the given one comes to.
random_scenarios.py SEED COUNT > FILE

A scenario is what one desk may see in two days: stories of a wire in ANPA, which have slugs and no ids, and of a rival in ninjs,
which have ids; their leads, writethrus, corrections, kills and holds, by slug and by id, also on the next day; and what papers make
of them, with and without address, trimmed, under another headline, updated, corrected and withdrawn.
"""
import json
import pathlib
import random
import sys

SLUGS = ["Harbour Bridge", "Town Hall"]
PAPERS = ["courier", "post"]
ORDINALS = ["", "1st", "2nd", "3rd", "4th", "5th"]
KINDS = ["story", "story", "lead", "writethru", "correction", "again", "kill", "hold", "note", "item", "item", "version", "next_item",
         "item_kill", "order_item", "page", "page", "trim", "address", "page_update", "page_correction", "page_kill"]


def iso(minute):
    return f"2024-03-{1 + minute // 1440:02d}T{minute % 1440 // 60:02d}:{minute % 60:02d}:00Z"


def clock(minute):
    hour = minute % 1440 // 60
    return f"March {1 + minute // 1440}, 2024 {(hour - 1) % 12 + 1:02d}:{minute % 60:02d}{'AM' if hour < 12 else 'PM'}"


class Desk:
    """Makes one scenario, a story after the other, in the order in which they are sent."""

    def __init__(self, dice, copy):
        self.dice = dice
        self.copy = copy
        self.free = sorted(key for key in copy if key in ("bridge", "mayor", "factory", "storm"))
        dice.shuffle(self.free)
        self.slugs = SLUGS[:dice.choice([1, 1, 2])]
        self.wires, self.items, self.pages, self.stories = [], [], [], []

    def new_source(self):
        key = self.free.pop()
        return {"key": key, "slug": self.dice.choice(self.slugs), "head": f"What the {key} of Halden cost so far", "body": list(self.copy[key]), "count": 0}

    def anpa(self, minute, slug, version, head, paragraphs):
        day, time = f"03-{1 + minute // 1440:02d}", f"{minute % 1440 // 60:02d}{minute % 60:02d}"
        keyline = f"BC-XX--{slug}{', ' + version if version else ''},{200 + len(paragraphs)}"
        heading = f"^{head}<\r\n^By JANE DOE=\r\n^Example Press=\r\n" if head else ""
        copy = "".join(f"\t   {paragraph}\r\n" for paragraph in paragraphs)
        return (f"\x16\x16\x01W{len(self.stories):04d}\x1f-----\r\nr a\x13\x11 BC-XX--{slug.replace(' ', '')}   {day} 0412\r\n"
                f"\x02^{keyline}<\r\n{heading}{copy}\r\n\t   \x03AP-WF-{day}-24 {time}GMT<\r\n\r\n\f\r\n\x04")

    def page(self, page, updated=None):
        times = f"Published: {clock(page['minute'])}\n" + (f"Updated: {clock(updated)}\n" if updated else "")
        return page["head"] + "\n\n" + times + "\n" + "\n\n".join(page["body"]) + "\n"

    def telex(self, kind, minute):
        if kind == "story":
            self.wires.append(self.new_source())
            source, version = self.wires[-1], ""
        else:
            source = self.dice.choice(self.wires)
            source["count"] += kind != "again"
            version = f"{ORDINALS[source['count']]} Ld" if source["count"] else ""
        remark = []
        if kind == "lead":
            source["body"] = source["body"] + [f"Some {minute + 20} others wrote to the {source['key']} office on Friday, its head said at noon."]
        elif kind == "writethru":
            source["body"] = [f"Nobody had asked the {source['key']} about all this {minute} times before Friday, it was said in the evening."] + source["body"]
            version += "-Writethru"
        elif kind == "correction":
            source["body"] = source["body"][:2] + source["body"][3:] + [f"The number of the {source['key']} is {minute + 40}, the office said on Friday."]
            version += "-Writethru"
            remark = ["Eds: CORRECTS number in last paragraph."]
        return {"provider": "wire", "raw": self.anpa(minute, source["slug"], version, source["head"], remark + source["body"])}

    def slug_order(self, kind, minute):
        slug = self.dice.choice(self.slugs)
        version, text = {"kill": ("KILL", f"EDITORS: Kill the story slugged {slug}. A kill is mandatory."),
                         "hold": ("HOLD", f"EDITORS: Please hold the story slugged {slug} until further notice."),
                         "note": ("Correction", f"HALDEN (EP) - In a story about the {slug}, The Example Press reported erroneously that four had come. "
                                                "Three came.")}[kind]
        return {"provider": "wire", "no_copy": True, "raw": self.anpa(minute, slug, version, "", [text])}

    def item(self, kind, minute):
        if kind == "item":
            self.items.append(dict(self.new_source(), guid=f"r:{minute}", version=0, published=iso(minute)))
            source = self.items[-1]
        else:
            source = self.dice.choice(self.items)
        story = {"provider": "rival", "slug": source["slug"], "headline": source["head"], "updated": iso(minute)}
        if kind == "order_item":
            word = self.dice.choice(["kill", "hold"])
            story.update(no_copy=True, guid=f"r:{minute}", version="1", published=iso(minute), headline=f"{word.upper()}: {source['slug']}",
                         status="canceled" if word == "kill" else "withheld", body=[f"Editors: Please {word} the story slugged {source['slug']}."])
            return story
        if kind in ("version", "next_item"):
            source["body"] = source["body"] + [f"A further {minute} people were heard on the {source['key']} on Friday, a clerk said."]
        if kind == "next_item":
            story["evolved_from"] = source["guid"]
            source.update(guid=f"r:{minute}", version=0, published=iso(minute))
        source["version"] += 1
        if kind == "item_kill":
            story["status"] = self.dice.choice(["canceled", "withheld"])
        story.update(guid=source["guid"], version=str(source["version"]), published=source["published"], body=list(source["body"]))
        return story

    def paper(self, kind, minute):
        if kind in ("page_update", "page_correction", "page_kill"):
            page = self.dice.choice(self.pages)
            if kind == "page_kill":
                order = {"minute": minute, "head": "KILL: " + page["head"], "body": ["Editors: Please kill this story. It was published in error."]}
                return {"provider": page["provider"], "no_copy": True, "raw": self.page(order)}
            page["body"] = page["body"] + [f"The page was told at {minute} that more will come from the council of Halden." if kind == "page_update" else
                                           "Correction: An earlier version of this story gave a wrong number of the council's members."]
            return {"provider": page["provider"], "raw": self.page(page, minute)}
        source = self.dice.choice(self.wires + self.items)
        page = {"provider": self.dice.choice(PAPERS), "minute": minute, "head": self.dice.choice([source["head"], f"The {source['key']} of Halden as we know it"]),
                "body": source["body"][:-1] if kind == "trim" else source["body"]}
        if kind == "address":
            address = f"http://{page['provider']}.example/{minute}"
            return {"provider": page["provider"], "guid": address, "url": address, "version": "1", "published": iso(minute), "updated": iso(minute),
                    "headline": page["head"], "body": page["body"]}
        self.pages.append(page)
        return {"provider": page["provider"], "raw": self.page(page)}

    def kind(self):
        """One for which there is what it needs."""
        while True:
            kind = self.dice.choice(KINDS)
            needs = {"lead": self.wires, "writethru": self.wires, "correction": self.wires, "again": self.wires, "version": self.items,
                     "next_item": self.items, "item_kill": self.items, "order_item": self.items, "story": self.free, "item": self.free,
                     "page": self.wires + self.items, "trim": self.wires + self.items, "address": self.wires + self.items,
                     "page_update": self.pages, "page_correction": self.pages, "page_kill": self.pages}
            if needs.get(kind, True):
                return kind

    def send(self, minute):
        kind = self.kind()
        if kind in ("story", "lead", "writethru", "correction", "again"):
            story = self.telex(kind, minute)
        elif kind in ("kill", "hold", "note"):
            story = self.slug_order(kind, minute)
        elif kind in ("item", "version", "next_item", "item_kill", "order_item"):
            story = self.item(kind, minute)
        else:
            story = self.paper(kind, minute)
        self.stories.append(dict(story, name=f"{len(self.stories) + 1}.{kind}", received=iso(minute)))


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    copy = json.loads((pathlib.Path(__file__).resolve().parent / "scenarios/copy.json").read_text())
    scenarios = {}
    for number in range(count):
        desk = Desk(random.Random(f"{seed}/{number}"), copy)
        minutes = desk.dice.choice([300, 900, 1800, 2700])
        for minute in sorted(desk.dice.sample(range(1, minutes), desk.dice.choice([3, 4, 4, 5]))):
            desk.send(minute)
        scenarios[f"random_{seed}_{number}"] = {"stories": desk.stories}
    json.dump(scenarios, sys.stdout, indent=1)


main()
