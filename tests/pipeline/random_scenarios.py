#!/usr/bin/env python3
"""Writes random scenarios (form: scenario.h) without an end: every order of arrival must come to what the given one comes to.
random_scenarios.py SEED COUNT > FILE

A scenario is what one desk may see in two days: stories of a wire in ANPA, which have slugs and no ids, of a rival in ninjs and of an
agency in NewsML-G2, which have ids; their alerts, leads, writethrus, cuts, embargoes, corrections, kills, holds and releases, by slug,
by id and by headline, also on the next day; and what papers make of them, as pages and in RSS, with and without address and time,
trimmed, under another headline, in a digest, updated, corrected and withdrawn. Each scenario takes some of these, so that they meet.
Where a story says no time its arrival is all there is, and the end may differ: such a scenario's name ends with "_untimed".
"""
import datetime
import email.utils
import json
import pathlib
import random
import sys
from xml.sax.saxutils import escape

SLUGS = ["Harbour Bridge", "Town Hall"]
PAPERS = ["courier", "post"]
ORDINALS = ["", "1st", "2nd", "3rd", "4th", "5th"]
DAY = 1440
# What may come, and of what there must be something before: "free" is copy that nobody has written yet, "sources" is what a wire,
# the rival or the agency has sent, "old" an item of yesterday, "timed" one that says when it was made: README.md of updates says what
# is known of the others.
OPENING = {"story": "free", "alert": "free", "item": "free", "embargo": "free", "untimed_item": "free", "g2": "free"}
FOLLOWING = {
    "lead": "wires", "writethru": "wires", "correction": "wires", "again": "wires", "longer": "wires", "shorter": "wires", "release": "wires",
    "kill": "slugs", "hold": "slugs", "note": "slugs",
    "version": "items", "next_item": "timed", "item_kill": "items", "order_item": "timed", "item_longer": "items", "item_shorter": "items",
    "item_correction": "items", "headline_correction": "timed", "lift": "items", "other_slug": "items", "reused_id": "old",
    "g2_version": "agency", "g2_next": "agency", "g2_stop": "agency", "g2_correction": "agency",
    "page": "sources", "trim": "sources", "small_trim": "sources", "address": "sources", "untimed_page": "sources", "dressed_page": "sources",
    "digest": "sources", "foreign": "slugs", "page_update": "pages", "page_correction": "pages", "page_kill": "pages",
    "rss": "sources", "rss_update": "feeds", "rss_shorter": "feeds",
}
KINDS_AT_ONCE = 12


def iso(minute):
    return f"2024-03-{1 + minute // DAY:02d}T{minute % DAY // 60:02d}:{minute % 60:02d}:00Z"


def clock(minute):
    hour = minute % DAY // 60
    return f"March {1 + minute // DAY}, 2024 {(hour - 1) % 12 + 1:02d}:{minute % 60:02d}{'AM' if hour < 12 else 'PM'}"


def paragraphs_in_html(paragraphs):
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)


class Desk:
    """Makes one scenario, a story after the other, in the order in which they are sent."""

    def __init__(self, dice, copy):
        self.dice = dice
        self.copy = copy
        self.free = sorted(key for key in copy if key in ("bridge", "mayor", "factory", "storm"))
        dice.shuffle(self.free)
        self.slugs = SLUGS[:dice.choice([1, 1, 2])]
        self.wires, self.items, self.agency, self.pages, self.feeds, self.stories = [], [], [], [], [], []
        self.opening = dice.sample(sorted(OPENING), 3)
        self.following = dice.sample(sorted(FOLLOWING), KINDS_AT_ONCE) + ["lift"] * ("embargo" in self.opening)

    # What there is.

    def new_source(self, minute):
        key = self.free.pop()
        return {"key": key, "slug": self.dice.choice(self.slugs), "head": f"What the {key} of Halden cost so far", "body": list(self.copy[key]),
                "count": 0, "minute": minute}

    def sources(self):
        return [source for source in self.wires + self.items + self.agency if not source.get("embargoed")]

    def timed(self):
        return [item for item in self.items if not item.get("untimed")]

    def there_is(self, what, minute):
        if what == "old":
            return self.free and any(minute - item["minute"] > DAY - 120 for item in self.items)
        found = getattr(self, what)
        return found() if callable(found) else found

    def kind(self, minute):
        """One for which there is what it needs, of this scenario's if one can be had."""
        kinds = self.opening if not self.stories or self.dice.random() < 0.2 else self.following
        for candidates in (kinds, self.following, self.opening, ["kill", "hold", "note"]):
            possible = [kind for kind in candidates if self.there_is({**OPENING, **FOLLOWING}[kind], minute)]
            if possible:
                return self.dice.choice(possible)
        raise AssertionError("an order by slug can come at any time")

    # What becomes of copy.

    def longer(self, source, minute):
        count = self.dice.choice([1, 2, 4])
        source["body"] = source["body"] + [f"{name} told the {source['key']} council {minute + 7 * number} times that it would not do." for number, name in
                                           enumerate(self.dice.sample(["Ada Holm", "Bo Lindqvist", "Carl Ostermo", "Dina Varr"], count))]

    def shorter(self, body):
        """Without some paragraphs, from the end or from the middle; two stay."""
        kept = self.dice.randrange(2, max(3, len(body)))
        begin = self.dice.choice([kept, 1])
        return body[:kept] if begin == kept else body[:begin] + body[begin - kept:]

    def corrected(self, source, minute):
        source["body"] = source["body"][:2] + source["body"][3:] + [f"The number of the {source['key']} is {minute + 40}, the office said on Friday."]

    # The wire: ANPA, by slug.

    def anpa(self, minute, slug, version, head, paragraphs):
        day, time = f"03-{1 + minute // DAY:02d}", f"{minute % DAY // 60:02d}{minute % 60:02d}"
        keyline = f"BC-XX--{slug}{', ' + version if version else ''},{200 + len(paragraphs)}"
        heading = f"^{head}<\r\n^By JANE DOE=\r\n^Example Press=\r\n" if head else ""
        copy = "".join(f"\t   {paragraph}\r\n" for paragraph in paragraphs)
        return (f"\x16\x16\x01W{len(self.stories):04d}\x1f-----\r\nr a\x13\x11 BC-XX--{slug.replace(' ', '')}   {day} 0412\r\n"
                f"\x02^{keyline}<\r\n{heading}{copy}\r\n\t   \x03AP-WF-{day}-24 {time}GMT<\r\n\r\n\f\r\n\x04")

    def telex(self, kind, minute):
        if kind in ("story", "alert"):
            self.wires.append(self.new_source(minute))
            source, version = self.wires[-1], ""
        else:
            source = self.dice.choice(self.wires)
            source["count"] += kind != "again"
            version = f"{ORDINALS[source['count']]} Ld" if source["count"] else ""
        remark, body = [], None
        if kind == "alert":
            version, body = "NewsAlert", source["body"][:1]
        elif kind == "lead":
            source["body"] = source["body"] + [f"Some {minute + 20} others wrote to the {source['key']} office on Friday, its head said at noon."]
        elif kind in ("writethru", "release"):
            source["body"] = [f"Nobody had asked the {source['key']} about all this {minute} times before Friday, it was said in the evening."] + source["body"]
            version += "-Writethru"
            remark = ["Eds: The hold is lifted. The story may be used."] if kind == "release" else []
        elif kind == "correction":
            self.corrected(source, minute)
            version += "-Writethru"
            remark = ["Eds: CORRECTS number in last paragraph."]
        elif kind == "longer":
            self.longer(source, minute)
            version += "-Writethru"
        elif kind == "shorter":
            source["body"] = self.shorter(source["body"])
        return {"provider": "wire", "raw": self.anpa(minute, source["slug"], version, source["head"], remark + (body or source["body"]))}

    def slug_order(self, kind, minute):
        slug = self.dice.choice(self.slugs)
        version, text = {"kill": ("KILL", f"EDITORS: Kill the story slugged {slug}. A kill is mandatory."),
                         "hold": ("HOLD", f"EDITORS: Please hold the story slugged {slug} until further notice."),
                         "note": ("Correction", f"HALDEN (EP) - In a story about the {slug}, The Example Press reported erroneously that four had come. "
                                                "Three came.")}[kind]
        return {"provider": "wire", "raw": self.anpa(minute, slug, version, "", [text])}

    # The rival: ninjs, by id.

    def new_item(self, kind, minute):
        self.items.append(dict(self.new_source(minute), guid=f"r:{minute}", version=0, published=iso(minute)))
        if kind == "untimed_item":
            self.items[-1]["untimed"] = True
        if kind == "embargo":
            self.items[-1]["embargoed"] = "2024-03-20T06:00:00Z"
        return self.items[-1]

    def item_order(self, kind, source, minute):
        story = {"provider": "rival", "guid": f"r:{minute}", "version": "1", "published": iso(minute), "updated": iso(minute)}
        if kind == "headline_correction":
            return dict(story, headline=f"CORRECTION: {source['head']}",
                        body=[f"In a story about the {source['key']} published on Friday the number of visitors was given wrong. It is {minute}."])
        word = self.dice.choice(["kill", "hold"])
        return dict(story, headline=f"{word.upper()}: {source['slug']}", status="canceled" if word == "kill" else "withheld",
                    body=[f"Editors: Please {word} the story slugged {source['slug']}."])

    def item(self, kind, minute):
        if kind == "reused_id":
            old = self.dice.choice([item for item in self.items if minute - item["minute"] > DAY - 120])
            old.update(self.new_source(minute), version=old["version"], published=iso(minute))
            old.pop("embargoed", None)
            source = old
        elif kind in OPENING:
            source = self.new_item(kind, minute)
        else:
            source = self.dice.choice(self.timed() if FOLLOWING[kind] == "timed" else self.items)
        if kind in ("order_item", "headline_correction"):
            return self.item_order(kind, source, minute)
        story = {"provider": "rival", "headline": source["head"]}
        if kind in ("version", "next_item"):
            source["body"] = source["body"] + [f"A further {minute} people were heard on the {source['key']} on Friday, a clerk said."]
        elif kind == "item_longer":
            self.longer(source, minute)
        elif kind == "item_shorter":
            source["body"] = self.shorter(source["body"])
        elif kind == "item_correction":
            self.corrected(source, minute)
            story["note"] = "CORRECTS number in last paragraph."
        elif kind == "item_kill":
            story["status"] = self.dice.choice(["canceled", "withheld"])
        elif kind == "lift":
            source.pop("embargoed", None)
        elif kind == "other_slug":
            source["slug"] = self.dice.choice(SLUGS)
        if kind == "next_item":
            story["evolved_from"] = source["guid"]
            source.update(guid=f"r:{minute}", version=0, published=iso(minute))
        source["version"] += 1
        source["minute"] = minute
        story.update(guid=source["guid"], slug=source["slug"], version=str(source["version"]), body=list(source["body"]))
        if "embargoed" in source:
            story["embargoed"] = source["embargoed"]
        return story if source.get("untimed") else dict(story, published=source["published"], updated=iso(minute))

    # The agency: NewsML-G2, by id.

    def g2(self, kind, minute):
        if kind == "g2":
            self.agency.append(dict(self.new_source(minute), guid=f"urn:agency:{minute}", version=0, published=iso(minute)))
        source = self.dice.choice(self.agency) if kind != "g2" else self.agency[-1]
        link, note, status = "", "", "usable"
        if kind in ("g2_version", "g2_next"):
            source["body"] = source["body"] + [f"The {source['key']} had {minute} visitors until Friday, as its own figures say."]
        elif kind == "g2_correction":
            self.corrected(source, minute)
            note = "<edNote>CORRECTS number in last paragraph.</edNote>"
        elif kind == "g2_stop":
            status = self.dice.choice(["canceled", "withheld"])
        if kind == "g2_next":
            link = f'<link rel="irel:{self.dice.choice(["previousVersion", "evolvedFrom"])}" residref="{source["guid"]}"/>'
            source.update(guid=f"urn:agency:{minute}", version=0, published=iso(minute))
        source["version"] += 1
        return {"provider": "herald", "raw": (
            f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{source["guid"]}" version="{source["version"]}" standard="NewsML-G2" '
            f'standardversion="2.35" conformance="power" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/><provider qcode="x:agency"/>'
            f'<versionCreated>{iso(minute)}</versionCreated><firstCreated>{source["published"]}</firstCreated><pubStatus qcode="stat:{status}"/>{note}{link}'
            f'</itemMeta><contentMeta><slugline>{source["slug"]}</slugline><headline>{source["head"]}</headline></contentMeta><contentSet>'
            f'<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
            f'<body>{paragraphs_in_html(source["body"])}</body></html></inlineXML></contentSet></newsItem>')}

    # Papers: pages without an id, some with an address, and feeds.

    def page(self, page, updated=None):
        times = f"Published: {clock(page['minute'])}\n" + (f"Updated: {clock(updated)}\n" if updated else "")
        return page["head"] + "\n\n" + ("" if page.get("untimed") else times + "\n") + "\n\n".join(page["body"]) + "\n"

    def page_again(self, kind, minute):
        page = self.dice.choice(self.pages)
        if kind == "page_kill":
            order = {"minute": minute, "head": "KILL: " + page["head"], "body": ["Editors: Please kill this story. It was published in error."]}
            return {"provider": page["provider"], "raw": self.page(order)}
        page["body"] = page["body"] + [f"The page was told at {minute} that more will come from the council of Halden." if kind == "page_update" else
                                       "Correction: An earlier version of this story gave a wrong number of the council's members."]
        return {"provider": page["provider"], "raw": self.page(page, minute)}

    def paper_copy(self, kind):
        """Headline and body of what a paper makes of it."""
        if kind == "foreign":
            return "Schwimmkran rammt Hafenbrücke", self.dice.choice([self.copy["brueckeDe"], self.copy["brueckeDe"][:2]])
        source = self.dice.choice(self.sources())
        head = self.dice.choice([source["head"], f"The {source['key']} of Halden as we know it"])
        body = source["body"]
        if kind == "trim":
            body = body[:-1] or body
        elif kind == "small_trim":
            body = self.shorter(body)
        elif kind == "dressed_page":
            body = [f"Our reporter has been to the {source['key']} and brought back what follows."] + body + ["Write to us when you know more than we do."]
        elif kind == "digest":
            others = [other["body"][0] for other in self.sources() if other is not source]
            head, body = "News in brief", body[:1] + others + self.copy["museum"]
        return head, list(body)

    def paper(self, kind, minute):
        if kind in ("page_update", "page_correction", "page_kill"):
            return self.page_again(kind, minute)
        head, body = self.paper_copy(kind)
        untimed = "untimed_page" in self.following  # then one paper has no times and the other has
        paper = self.dice.choice(PAPERS) if not untimed else PAPERS[kind == "untimed_page"]
        page = {"provider": paper, "minute": minute, "head": head, "body": body}
        if kind == "address":
            address = f"http://{page['provider']}.example/{minute}"
            return {"provider": page["provider"], "guid": address, "url": address, "version": "1", "published": iso(minute), "updated": iso(minute),
                    "headline": page["head"], "body": page["body"]}
        if kind == "untimed_page":
            page["untimed"] = True
        self.pages.append(page)
        return {"provider": page["provider"], "raw": self.page(page)}

    def feed(self, kind, minute):
        if kind == "rss":
            head, body = self.paper_copy(kind)
            self.feeds.append({"minute": minute, "head": head, "body": body, "link": f"https://mail.example/{minute}"})
        entry = self.dice.choice(self.feeds) if kind != "rss" else self.feeds[-1]
        if kind == "rss_update":
            entry["body"] = entry["body"] + [f"The Mail has learnt at {minute} that nobody else was asked."]
        elif kind == "rss_shorter":
            entry["body"] = self.shorter(entry["body"])
        published = email.utils.format_datetime(datetime.datetime(2024, 3, 1) + datetime.timedelta(minutes=entry["minute"]))
        updated = f"<atom:updated>{iso(minute)}</atom:updated>" if kind != "rss" else ""
        return {"provider": "mail", "raw": (
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Mail</title>'
            f'<item><guid>{entry["link"]}</guid><link>{entry["link"]}</link><title>{entry["head"]}</title><pubDate>{published}</pubDate>{updated}'
            f'<content:encoded><![CDATA[{paragraphs_in_html(entry["body"])}]]></content:encoded></item></channel></rss>')}

    def send(self, minute):
        kind = self.kind(minute)
        if kind in ("kill", "hold", "note"):
            story = self.slug_order(kind, minute)
        elif kind in ("story", "alert") or FOLLOWING.get(kind) == "wires":
            story = self.telex(kind, minute)
        elif kind.startswith("g2"):
            story = self.g2(kind, minute)
        elif kind in OPENING or FOLLOWING[kind] in ("items", "timed", "old"):
            story = self.item(kind, minute)
        elif kind.startswith("rss"):
            story = self.feed(kind, minute)
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
        untimed = "_untimed" if any("untimed" in story["name"] for story in desk.stories) else ""
        scenarios[f"random_{seed}_{number}{untimed}"] = {"stories": desk.stories}
    json.dump(scenarios, sys.stdout, indent=1)


main()
