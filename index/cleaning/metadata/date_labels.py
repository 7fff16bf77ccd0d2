"""Words beside a date that tell which date it is."""

import re

LABEL = re.compile(r"\b(?:published|posted|publication date|released|pubdate|date published)\b", re.IGNORECASE)
NOT_PUBLISHED = re.compile(
    r"\b(?:updat\w*|modif\w*|edit(?:ed|ion)|revis\w*|access\w*|expir\w*|retriev\w*|photo|image|picture|taken|file|until|since|from|event|born|copyright)\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)
