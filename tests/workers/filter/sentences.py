"""Made-up comments: enough to train a small filter in a moment."""

from workers.filter.training import Row

SPAM = (
    "Check out my channel and subscribe please, new songs every week",
    "Earn 500 dollars a day from home, visit http://cash-from-home.xyz now",
    "Free followers for everybody, click http://free-followers.top/ref=12",
    "Please subscribe to my channel, I make covers and need your support",
    "I made 3000 dollars in a week, contact my trader on WhatsApp +1 202 555 0143",
    "Best casino bonus and free spins at http://lucky-spins.bet",
    "Watch my new video and subscribe, link below http://youtu.be/qqqqqqqq",
    "Cheap watches and handbags, order now at http://outlet-store.shop",
)
HAM = (
    "I think the council should have asked the people who live there.",
    "This is the best song of the whole album, I still listen to it.",
    "Why does the article not mention what the bridge will cost?",
    "The mayor said the opposite last year, if I remember correctly.",
    "My grandmother used to sing this when we were children.",
    "I disagree, the tram was never late before they changed the timetable.",
    "Thank you for explaining it, I did not know about the second vote.",
    "That goalkeeper saved the whole season for us last night.",
)


def rows(copies: int = 4) -> list[Row]:
    """Two sources, so that each can be judged by a model of the other."""
    return [
        {
            "id": f"{source}-{number}-{copy}",
            "text": f"{text} {copy}",
            "label": label,
            "source": source,
        }
        for source in ("one", "two")
        for copy in range(copies)
        for label, texts in ((1, SPAM), (0, HAM))
        for number, text in enumerate(texts)
    ]
