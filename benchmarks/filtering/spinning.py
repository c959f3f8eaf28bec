"""Campaigns as they are written: one offer in many words, with names, links and order rotating.

{a|b} is a choice for each text, {NAME}, {LINK}, {SUM} and {EMOJI} are new in each; what is in
[brackets] stays the same in all texts of a campaign.
"""

import random
import re
from collections.abc import Callable

from workers.filter import tricks

NAMES = [
    "Ann",
    "Bob",
    "Carla",
    "Dmitri",
    "Eve",
    "Farid",
    "Gina",
    "Hugo",
    "Ines",
    "Jonas",
    "Kim",
    "Lena",
    "Marc",
    "Nora",
    "Olga",
    "Pete",
]
GREETINGS = (
    "Hello", "Hi all", "Hola amigos", "Hallo zusammen", "Bonjour", "Olá", "Привет всем", "Ciao",
    "Merhaba", "Halo semuanya", "Cześć", "Hej", "Γεια σας", "नमस्ते", "", "",
)  # fmt: skip
EMOJI = ["🔥", "❤", "😂", "💰", "🚀", "✅", "👍", "🎉", "💎", "⭐"]
STYLES: tuple[Callable[[str, random.Random], str], ...] = (
    tricks.bold, tricks.spaced, tricks.capitals, lambda text, _: text, tricks.homoglyphs,
)  # fmt: skip

SPUN = """
    {I was|I used to be} {broke|in debt|without work} {until|before} {NAME|a friend}
    {showed|told} me [@{BRAND}_invest], {now|today} I {make|earn|get} {SUM} {a
    week|weekly|every week} {EMOJI}

    {Nice|Great|Good|Lovely} {post|article|read}! {We|Our company} {offer|provide|sell}
    {cheap|affordable} {roof|garden|kitchen} {work|repairs} at [{BRAND}-services.com],
    {call|ask} {NAME}

    {GREETING}! {my|our} {channel|page} {has|is full of} {new|funny} {clips|videos|pranks},
    {search|look} for [{BRAND} Comedy] {please|pls|now} {EMOJI}

    {Doctor|Dr} [{BRAND}herbal@mail.com] {cured|healed|helped} {me|my wife|my son} of
    {herpes|diabetes|asthma} {in|within} {two|three|four} weeks, {write|mail} {him|to him}
    {NAME}

    {Lost|Stolen} {coins|wallet|money}? {NAME|They} at [{BRAND}-recovery.org] {brought|got}
    {mine|everything} back {in a day|quickly}, {thank you|so grateful} {EMOJI}

    {Free|Real|Cheap} {followers|likes|views} {for|to} {everybody|all|you}: {LINK} {no
    password|safe|fast} [telegram {BRAND}_smm]
"""
ROTATING = """
    {GREETING} {NAME}! [I found a site that pays for answering short questions at home.] [I
    already bought a new phone from it.] [You only need ten minutes every evening.] {LINK}
    {EMOJI}

    {EMOJI} {GREETING}, [my little brother started making music last winter and nobody
    listens.] [It would make his day if you heard one track.] {LINK} {NAME} {EMOJI}

    [Lonely tonight? I am new in town and look for company.] [My pictures are on the page
    below.] {NAME} {LINK} {EMOJI}

    {GREETING}! [Our warehouse closes and all shoes must go this week.] [Everything is half
    price or less.] [We send to every country.] {LINK} {NAME}
"""
SHORT = """
    {NAME} {EMOJI} [watch my profile picture]

    [sub4sub right now] {NAME} {EMOJI}

    {GREETING} [who wants a free skin] {LINK}

    [cheap pills here] {LINK} {EMOJI}
"""
BRANDED = """
    {main|coba main|yuk main} di {BRAND:styled} {pasti|selalu|auto} {menang|cair|untung}
    {EMOJI}

    {makasih|terima kasih} {BRAND:styled} {akhirnya|hari ini} {bisa beli motor|dapat
    SUM|lunas utang} {EMOJI}

    {cuma|hanya} {BRAND:styled} yang {bikin|buat} {hidup|dompet} {NAME}
    {tenang|tebal|senang}
"""
CAMPAIGNS = 30
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
KEPT = re.compile(r"\[([^\[\]]*)\]")


def campaign(template: str, size: int, *, dice: random.Random) -> list[str]:
    brand = _name(dice) + str(dice.randrange(10, 99))
    return [_spun(template, brand, dice) for _ in range(size)]


def campaigns(dice: random.Random) -> list[list[str]]:
    """Thirty, most of them small, one as large as all others together."""
    blocks = (SPUN, ROTATING, SHORT, BRANDED)
    kinds = [" ".join(one.split()) for block in blocks for one in block.split("\n\n")]
    found = [
        campaign(kinds[number % len(kinds)], dice.randint(8, 60), dice=dice) for number in range(30)
    ]
    found[0] = campaign(kinds[0], 900, dice=dice)
    return found


def _spun(template: str, brand: str, dice: random.Random) -> str:
    text = template
    while CHOICE.search(text):
        text = CHOICE.sub(lambda match: dice.choice(match[1].split("|")), text, count=1)
    sentences = KEPT.findall(text)
    if len(sentences) > 1:  # in another order each time
        shuffled = iter(dice.sample(sentences, len(sentences)))
        text = KEPT.sub(lambda _: next(shuffled), text)
    text = text.replace("[", "").replace("]", "")
    text = text.replace("{BRAND:styled}", dice.choice(STYLES)(brand.upper(), dice))
    text = text.replace("{BRAND}", brand)
    for slot, make in SLOTS.items():
        while slot in text:
            text = text.replace(slot, make(dice), 1)
    return text


def _name(dice: random.Random) -> str:
    return "".join(dice.choice("bcdfgklmnprstvz") + dice.choice("aeiou") for _ in range(3))


def _link(dice: random.Random) -> str:
    path = "".join(dice.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(6))
    return dice.choice((f"http://{_name(dice)}{_name(dice)}.com/{path}", f"https://bit.ly/{path}"))


SLOTS: dict[str, Callable[[random.Random], str]] = {
    "{NAME}": lambda dice: dice.choice(NAMES),
    "{GREETING}": lambda dice: dice.choice(GREETINGS),
    "{EMOJI}": lambda dice: "".join(dice.choice(EMOJI) for _ in range(dice.randrange(4))),
    "{SUM}": lambda dice: f"${dice.randrange(2, 90) * 100}",
    "SUM": lambda dice: f"{dice.randrange(1, 30)} juta",
    "{LINK}": _link,
}
