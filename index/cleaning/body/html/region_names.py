"""Recognition of the elements that contain boilerplate, by their name, role, class or id."""

import re

from wherefrom.index.sources.html_elements import ARTICLE_HEADER, Element

BY_ELEMENT = {
    "nav": "menu",
    "menu": "menu",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
    "figure": "caption",
    "figcaption": "caption",
    "noscript": "notice",
    "svg": "debris",
    "dialog": "widget",
    "button": "widget",
    "select": "widget",
    "label": "form",
    "form": "form",
    "video": "widget",
    "audio": "widget",
    "amp-ad": "widget",
    "amp-embed": "widget",
    "amp-sticky-ad": "widget",
    "amp-consent": "widget",
    "amp-lightbox": "widget",
    "amp-user-notification": "widget",
    "amp-sidebar": "menu",
}
ROLES = {
    "dialog": "widget",
    "alertdialog": "widget",
    "navigation": "menu",
    "menu": "menu",
    "contentinfo": "footer",
    "banner": "header",
    "complementary": "aside",
    "search": "form",
}
# Words of classes and ids, delimited by hyphens, underscores or the ends, so that "shared" is not "share".
WORDS = {
    "widget": (
        *("modal", "lightbox", "popup", "scrim", "cookie", "cookies", "cookiebar", "consent", "gdpr", "ccpa", "cmp"),
        *("onetrust", "didomi", "usercentrics", "truste", "vjs", "videojs", "jwplayer", "mejs", "plyr", "flowplayer"),
    ),
    "invitation": ("newsletter", "newsletters", "signup", "subscribe", "promo", "promos", "promotion"),
    "comments": ("comment", "comments", "commentlist", "disqus", "replies", "livefyre", "discussion"),
    "teaser": (
        *("related", "recommended", "recommendations", "recirc", "recirculation", "outbrain", "taboola", "teaser"),
        *("teasers", "trending", "mostread", "upnext", "readnext"),
    ),
    "share": ("share", "sharing", "social", "addthis", "sharedaddy"),
    "advertisement": ("ad", "ads", "advert", "advertisement", "advertising", "sponsored", "sponsor"),
    "byline": ("byline", "bio", "biography"),
    "caption": ("caption", "captions", "credit", "credits"),
    "notice": ("disclaimer", "disclosure"),
    "menu": ("menu", "navbar", "breadcrumb", "breadcrumbs", "dropdown"),
}
NAMES = {word: name for name, words in WORDS.items() for word in words}
PHRASES = {
    "video-js": "widget",
    "sign-up": "invitation",
    "most-read": "teaser",
    "read-next": "teaser",
    "up-next": "teaser",
    "more-stories": "teaser",
    "media-player": "widget",
    "video-player": "widget",
    "audio-player": "widget",
}
PAYWALL = re.compile("paywall|paygate|regi?wall|loginwall|registrationwall")
WORD = re.compile(r"[^\W_]+")
PHRASE = re.compile("|".join(map(re.escape, PHRASES)))


def region_name(element: Element) -> str | None:
    """Return the kind of boilerplate that an element contains, or `None`."""
    if element.name == "header" and ARTICLE_HEADER in element.landmarks:
        return None
    if element.name in BY_ELEMENT:
        return BY_ELEMENT[element.name]
    for label in element.labels:
        phrase = PHRASE.search(label)
        name = ROLES.get(label) or (PHRASES[phrase[0]] if phrase else None)
        name = name or next((NAMES[word] for word in WORD.findall(label) if word in NAMES), None)
        if name is not None:
            return name
    return None


def has_paywall_name(element: Element) -> bool:
    """Return whether a class or the id of an element names a paywall; it may contain the article behind it."""
    return any(PAYWALL.search(label) for label in element.labels)
