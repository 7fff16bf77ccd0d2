"""Rules that know a block for furniture by its own words: cookie notices, share lines, captions, credits, stamps.

They know phrases that pages everywhere use, mostly in English; none knows a site. What has no such phrase is
left to the evidence of shape and neighbours. Only the first 400 and the last 160 characters of a block are read.
"""

import re

from index.cleaning.dates import is_stamp
from index.cleaning.shape import Shape

HEAD, TAIL = 400, 160
FLAGS = re.IGNORECASE | re.VERBOSE
COPYRIGHT = re.compile(
    r"©|^\(c\)\ (?:19|20)\d\d|^copyright\b|all\ rights\ reserved|copyright\ (?:©|\(c\)|(?:19|20)\d\d)", FLAGS
)
NOTICE = re.compile(
    r"""\b(?:we|sites?|website|pages?|service)\ (?:also\ )?uses?\ (?:\w+\ ){0,3}cookies | use\ of\ cookies | accept\ (?:all\ )?cookies | cookie\ policy
    | enable\ javascript | javascript\ (?:is|to) | ad\ ?blocker | \bunsubscribe\b | logged\ in\ to | \byour\ e-?mail\ address
    | \bby\ (?:signing|clicking|continuing|subscribing|using|submitting|registering)\b.{0,80}\byou\ (?:agree|accept|consent|acknowledge)
    | \ball\ (?:\w+\ )?(?:prices|comments|opinions|trademarks)\b.{0,60}\b(?:correct|moderated|property|are\ those)
    | \bmay\ not\ be\ (?:reproduced|published|copied) | we\ may\ (?:earn|receive)\b.{0,40}\bcommission
    """,
    FLAGS,
)
# What a page says of its service and what an article may say of another's: furniture unless prose stands around it.
SERVICE = re.compile(
    r"privacy\ (?:policy|statement|notice) | terms\ (?:of|and|&)\ (?:use|service|conditions) | \bcookies\b | your\ (?:browser|inbox) | e-?mail\ address",
    FLAGS,
)
INVITATION = re.compile(
    r"""^(?:please\ )?(?:sign\ (?:up|in|me\ up)|subscribe|log\ ?in|register|follow|like\ us|join|download|click|tap|get\ (?:our|the|your|unlimited)
        |support|donate|become\ a|start\ your|try|buy\ now|shop\ now|read\ more|continue\ reading|advertis|enter\ your|submit|thank(?:s|\ you)\ for)\b
        .{0,90}\b(?:us|our|on|for|here|more|free|newsletters?|e-?mail|account|app|facebook|twitter|instagram|whatsapp|telegram|youtube
        |today|trial|now|story|article|comment|below|subscri\w+|updates?|alerts?|access|member\w*|news)\b
    | \bour\ (?:\w+\ ){0,2}newsletters?\b | newsletter\ (?:sign|preferences) | subscribe\ (?:now|to\ our|today) | ^advertisement
    | ^(?:leave|post|write|add|view|read|show|hide|load)\ (?:a\ |all\ |your\ |the\ |more\ |\d+\ )*(?:reply|comments?)\b
    | ^(?:skip|jump|go|back)\ to\ (?:the\ )?(?:\w+\ )?(?:top|content|main|navigation|home\w*|article|page|search|menu)\b
    """,
    FLAGS,
)
SHARE = re.compile(
    r"""^(?:share|tweet|pin|print|mail|e-?mail|save|copy\ link|like\ us|follow(?:\ us)?|facebook|twitter|whatsapp|reddit|linkedin|pinterest
        |font\ size|text\ size)\b | \b(?:on|via)\ (?:facebook|twitter|whatsapp|linkedin|pinterest)$
    """,
    FLAGS,
)
CAPTION_HEAD = re.compile(
    r"""^\((?:photo|image|picture|foto|file\ photo)\b[^)]{0,80}\)
    | ^(?:photo(?:graph)?|image|picture|video|illustration|photo\ credit|image\ credit|file\ photo|featured\ image|caption)s?(?:\ ?:|\ credit|\ courtesy|\ by\ )
    | ^(?:in\ )?this\b.{0,60}\b(?:photo|image|picture|handout|illustration|frame\ grab|screengrab)\b.{0,30}\b(?:shows?|provided|taken|released|made|,)
    | ^.{0,80}\bfile\ photo\b | ^\d+\ of\ \d+\ \w | ^an?\ artist['’]s\ (?:illustration|impression|rendering|concept|conception|rendition)\b
    """,
    FLAGS,
)
CAPTION_TAIL = re.compile(
    r"""\((?:photo|image|picture|file\ photo|video|illustration|screengrab|screenshot)s?(?:\ ?:|\ by\b|\ via\b|\ credit\b|\ courtesy\b|/)[^)]{0,80}\)\W*$
    | \((?:ap|afp|reuters|getty(?:\ images)?|epa|shutterstock|istock)(?:\ photo)?(?:/|\ via\ )[^)]{0,60}\)\W*$ | \(\w+\ photo\)\W*$
    | \b(?:getty\ images|shutterstock|istock|(?:reuters|afp|ap|epa)/[\w.\ ]{2,40}|afp\ via\ getty|(?:photo|image|picture)s?\ ?(?:credit|courtesy)?\ ?:
        \ ?[^.:]{2,60}|credit(?:\ ?:|\.{2,3}|…)\ ?[^.:]{2,60}|file\ photo|ap\ photo/[\w.\ ]{2,40})\W*$
    """,
    FLAGS,
)
CREDIT = re.compile(
    r"""^(?:sources?|agenc(?:y|ies)|via|courtesy|with\ (?:agency\ )?inputs?\ from|edited\ by|editor|contact)\s*:\s*\S
    | ^\W?(?:additional\ )?(?:reporting|writing|editing)\ by\ \w | \bcontributed\ to\ this\ (?:report|story|article)\W*$
    """,
    FLAGS,
)
TEASER = re.compile(
    r"""^(?:read|see|watch|related|more|also|also\ read|also\ see|read\ also|see\ also|read\ next|up\ next|watch\ now|must\ read|recommended|tags?|topics?
        |filed\ under|categories|category|labels|keywords?)(?:\ ?[:|>»]|\ more\b|\ also\b|\ next\b)
    | (?:read\ more|continue\ reading|full\ story|»»|>>|→)\W*$
    """,
    FLAGS,
)
BYLINE = re.compile(r"^(?:(?:written|posted|reported|story|text|words)\ )?by:?\ +\S", FLAGS)
DEBRIS = re.compile(
    r"^\s*(?:string\(\d+\)|var\ |function\ ?\(|window\.|document\.|\(function|<[a-z!/?]|[{\[]\s*[\"'{\[])", FLAGS
)
# A short block that opens what belongs to the page and not to the article.
HEADING = re.compile(
    r"""^\W*(?:\d+\ )?(?:comments?|responses?|replies|leave\ a\ (?:comment|reply)|post\ a\ comment|join\ the\ (?:discussion|conversation)|related
    |more\ (?:from|in|on|stories|news|about|articles|like)|most\ (?:read|popular|viewed|shared|recent|commented)|recommended
    |you\ (?:may|might)\ (?:also\ )?(?:like|be)|read\ next|up\ next|trending|latest|popular|about\ (?:the\ )?(?:author|us|me)|author|sign\ up|newsletters?
    |sponsored|promoted|top\ (?:stories|news|posts)|editors?['’]s?\ picks|recent\ (?:posts|comments|articles|news)|what\ to\ read|don['’]t\ miss
    |also\ (?:on|in)|in\ other\ news|similar|further\ reading|featured|discover|archives?|categories|site\ (?:index|map|information)
    |from\ (?:the|our|around)|(?:next|previous)\ (?:article|post|story)|share\ this|follow\ us|must[-\ ]reads?)\b
    """,
    FLAGS,
)
HEADING_MOST_WORDS = 7
# The rules in the order they are asked: name, pattern, the most words a block may have, whether it may be a sentence.
PHRASES: tuple[tuple[str, re.Pattern[str], int, bool], ...] = (
    ("byline", BYLINE, 14, False),
    ("copyright", COPYRIGHT, 60, True),
    ("notice", NOTICE, 70, True),
    ("invitation", INVITATION, 45, True),
    ("share", SHARE, 12, False),
    ("caption", CAPTION_HEAD, 90, True),
    ("credit", CREDIT, 60, True),
    ("teaser", TEASER, 40, True),
    ("service", SERVICE, 70, True),
    ("debris", DEBRIS, 10**9, True),
)
CAPTION_MOST_WORDS = 90
DEBRIS_LEAST = 0.12
DEBRIS_MARKS = frozenset('{}[]<>;=\\|_"')


def furniture_rule(text: str, shape: Shape) -> str | None:
    """The name of the rule that knows this block for furniture, or None."""
    if shape.words <= HEADING_MOST_WORDS and not shape.ends and HEADING.match(text):
        return "furniture-heading"
    if is_stamp(text, shape.words):
        return "stamp"
    head = text[:HEAD]
    for name, pattern, most_words, sentence in PHRASES:
        if shape.words <= most_words and (sentence or not shape.ends) and pattern.search(head):
            return name
    if shape.words <= CAPTION_MOST_WORDS and CAPTION_TAIL.search(text[-TAIL:]):
        return "caption"
    return "debris" if _is_debris(text) else None


def _is_debris(text: str) -> bool:
    """Whether a block is program text rather than language, by the marks in it."""
    marks = sum(1 for character in text if character in DEBRIS_MARKS)
    return marks > DEBRIS_LEAST * len(text) or not any(character.isalnum() for character in text)
