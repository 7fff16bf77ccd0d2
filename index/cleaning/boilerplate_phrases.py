r"""Phrases that are common on pages outside the article, mostly English; none of them names a site.

Each pattern is a list of alternatives, case-insensitive and verbose: white space in it is ignored, and a space in a
phrase is written `\ `. Repetitions are bounded, so that matching is fast on long lines too.
"""

import re


def _pattern(alternatives: str) -> re.Pattern[str]:
    return re.compile(alternatives, re.IGNORECASE | re.VERBOSE)


# In UTF-8 that was decoded as Windows-1252, "©" is the second byte of a letter ("Ã©") or a later one ("à¤©").
COPYRIGHT = _pattern(
    r"""
    (?<![\u00c3-\u00ff])(?<![\u00e0-\u00f4]\S)©
    | ^\(c\)\ (?:19|20)\d\d | ^copyright\b | all\ rights\ reserved | copyright\ (?:\(c\)|(?:19|20)\d\d)
    """
)
NOTICE = _pattern(
    r"""
    \b(?:we|sites?|website|pages?|service)\ (?:also\ )?uses?\ (?:\w+\ ){0,3}cookies
    | use\ of\ cookies | accept\ (?:all\ )?cookies | cookie\ policy
    | enable\ javascript | javascript\ (?:is|to) | ad\ ?blocker
    | \bunsubscribe\b | logged\ in\ to | \byour\ e-?mail\ address
    | \bby\ (?:signing|clicking|continuing|subscribing|using|submitting|registering)\b
      .{0,80}\byou\ (?:agree|accept|consent|acknowledge)
    | \ball\ (?:\w+\ )?(?:prices|comments|opinions|trademarks)\b.{0,60}\b(?:correct|moderated|property|are\ those)
    | \bmay\ not\ be\ (?:reproduced|published|copied)
    | we\ may\ (?:earn|receive)\b.{0,40}\bcommission
    """
)
# Phrases about a service: usually that of the page, but an article may be about another one.
SERVICE = _pattern(
    r"""
    privacy\ (?:policy|statement|notice) | terms\ (?:of|and|&)\ (?:use|service|conditions)
    | \bcookies\b | your\ (?:browser|inbox) | e-?mail\ address
    """
)
INVITATION = _pattern(
    r"""
    ^(?:please\ )?
      (?:sign\ (?:up|in|me\ up)|subscribe|log\ ?in|register|follow|like\ us|join|download|click|tap|support|donate
        |get\ (?:our|the|your|unlimited)|become\ a|start\ your|try|buy\ now|shop\ now|read\ more|continue\ reading
        |advertis|enter\ your|submit|thank(?:s|\ you)\ for)\b
      .{0,90}
      \b(?:us|our|on|for|here|more|free|newsletters?|e-?mail|account|app|facebook|twitter|instagram|whatsapp
        |telegram|youtube|today|trial|now|story|article|comment|below|subscri\w+|updates?|alerts?|access
        |member\w*|news)\b
    | \bour\ (?:\w+\ ){0,2}newsletters?\b | newsletter\ (?:sign|preferences) | subscribe\ (?:now|to\ our|today)
    | ^advertisement
    | ^(?:leave|post|write|add|view|read|show|hide|load)\ (?:(?:a|all|your|the|more|\d+)\ ){0,3}(?:reply|comments?)\b
    | ^(?:skip|jump|go|back)\ to\ (?:the\ )?(?:\w+\ )?
      (?:top|content|main|navigation|home\w*|article|page|search|menu)\b
    """
)
# Words of an offer to subscribe or to register; they also occur in articles, and count only inside a paywall.
SUBSCRIPTION_OFFER = _pattern(
    r"""
    \bsubscri(?:be|ption|ber)s?\b | \bunlimited\b | \b(?:full|free)\ access\b | \baccess\ to\ (?:all|every|our|this)\b
    | \bcancel\b | \b(?:free\ )?trial\b | \baccount\b | \bregister\b | \b(?:sign|log)\ ?(?:in|up)\b
    | \babonn | \babo\b | \bprobemonat | \bzugang\b | \banmelden\b | \bs'identifier\b | \bsuscr[i\u00ed] | \bassin[ae]
    | \babb?ona | \bprenumer | \btoegang\b | \bsubskryb
    """
)
# Self-promotion of a newsroom: of itself, its offers or its page, in the middle of an article or below it.
PROMOTION = _pattern(
    r"""
    ^(?:do\ you\ )?(?:have|got|know)\ (?:an?|any)\ (?:\w+\ )?(?:story|stories|tips?|scoop|news|photos?)\b[^.]{0,40}\?
    | \bget\ in\ touch\ with\ (?:us|(?:our|the)\ (?:\w+\ ){0,2}(?:team|desk|newsdesk|newsroom|editors?))\b
    | \bcontact\ (?:our|the)\ (?:\w+\ )?(?:newsdesk|newsroom|news\ (?:team|desk))\b
    | ^for\ more\ (?:\w+\ )?(?:stories|news|articles|videos|updates)\b.{0,40}
      \b(?:check|visit|follow|see|head|go\ to|click|subscribe|join|download)\b
    | \b(?:sent|delivered|straight|directly|direct|right|in|to)\ (?:to\ |in\ |into\ )?your\ (?:e-?mail\ )?inbox\b
    | \b(?:article|story|content|post|page|video)\ is\ (?:only\ )?(?:for|available\ (?:only\ )?(?:to|for)
      |reserved\ for|exclusive\ to|exclusively\ for|free\ for)\ (?:our\ )?(?:\w+\ )?(?:subscribers|members)\b
    | \balready\ (?:have\ an\ account|an?\ (?:\w+\ )?(?:subscriber|member)|subscribed|registered)\b[^.]{0,20}\?
    | ^(?:log|sign)\ in\ to\ (?:read|continue|view|see|access)\b
    | \byou(?:['\u2019]ve|\ have)\ (?:\w+\ ){0,4}(?:free\ )?(?:articles?|stories|story)
      \ (?:left|remaining|this\ month|for\ free)\b
    | ^(?:chat|talk)\ (?:with|to)\ us\b
    | \bsubscribe\ to\ (?:our|the)\ [^.]{0,60}\b(?:newsletters?|channels?|podcasts?|e-?mails?|briefings?)\b
    | ^sign\ up\ (?:(?:here|now|today)\b|(?:to|for)\ (?:our|the)\ [^.]{0,60}
      \b(?:newsletters?|briefings?|e-?mails?|alerts?|updates)\b)
    | \b(?:can|may)\ be\ reached\ (?:at|by|via)\b.{0,60}@
    | ^(?:e-?mail|write\ to|contact)\b.{0,60}\S@\S
    | ^this\ (?:copy\ is\ for\ your\ personal|article\ has\ been\ sent\ to)\b
    | ^(?:an\ error\ (?:has\ )?occurred|something\ went\ wrong)\b.{0,20}\bplease\ try\ again\b
    | \bthis\ is\ a\ modal\ window\b | \bbeginning\ of\ dialog\ window\b | \bmodal\ can\ be\ closed\ by\b
    | \bbuy\ something\ through\ (?:this|our|one\ of)\b | \bpurchases?\ (?:made\ )?through\ (?:our\ )?links\b
    """
)
SHARE = _pattern(
    r"""
    ^(?:share|tweet|pin|print|mail|e-?mail|save|copy\ link|like\ us|follow(?:\ us)?|facebook|twitter|whatsapp|reddit
      |linkedin|pinterest|font\ size|text\ size)\b
    | \b(?:on|via)\ (?:facebook|twitter|whatsapp|linkedin|pinterest)$
    """
)
CAPTION_HEAD = _pattern(
    r"""
    ^\((?:photo|image|picture|foto|file\ photo)\b[^)]{0,80}\)
    | ^(?:photo(?:graph)?|image|picture|video|illustration|file\ photo|featured\ image|caption)s?
      (?:\ ?:(?!\ (?-i:[a-z]+\ [a-z]+\ [a-z]))|\ credit|\ courtesy|\ by\ )
    | ^(?:in\ )?this\b.{0,60}\b(?:photo|image|picture|handout|illustration|frame\ grab|screengrab)\b
      .{0,30}\b(?:shows?|provided|taken|released|made|,)
    | ^.{0,80}\bfile\ photo\b
    | ^\d{1,3}\ of\ \d{1,3}\ (?-i:[^\Wa-z])
    | ^an?\ artist['\u2019]s\ (?:illustration|impression|rendering|rendition|concept|conception)\b
    """
)
CAPTION_TAIL = _pattern(
    r"""
    \((?:photo|image|picture|file\ photo|video|illustration|screengrab|screenshot)s?
      (?:\ ?:|\ by\b|\ via\b|\ credit\b|\ courtesy\b|/)[^)]{0,80}\)\W*$
    | \((?:ap|afp|reuters|getty(?:\ images)?|epa|shutterstock|istock)(?:\ photo)?(?:/|\ via\ )[^)]{0,60}\)\W*$
    | \(\w+\ photo\)\W*$
    | (?<!\()\b(?:reuters|getty|afp|ap|epa|alamy|bloomberg)(?:\ (?:file|images?|photos?))?[\])]*$
    | \b(?:getty\ images|shutterstock|istock|afp\ via\ getty|file\ photo)\W*$
    | \b(?:reuters|afp|ap|epa|ap\ photo)/[\w.\ ]{2,40}\W*$
    | \b(?:photo|image|picture)s?\ ?(?:credit|courtesy)?\ ?:\ ?[^.:]{2,60}\W*$
    | \bcredit(?:\ ?:|\.{2,3}|…)\ ?[^.:]{2,60}\W*$
    """
)
CREDIT = _pattern(
    r"""
    ^(?:sources?|agenc(?:y|ies)|via|courtesy|with\ (?:agency\ )?inputs?\ from|edited\ by|editor|contact)\s*:\s*\S
    | ^\W?(?:additional\ )?(?:reporting|writing|editing)\ by\ \w
    | \bcontributed\ to\ this\ (?:report|story|article)\W*$
    """
)
TEASER = _pattern(
    r"""
    ^(?:read|see|watch|related|more|also|also\ read|also\ see|read\ also|see\ also|read\ next|up\ next|watch\ now
      |must\ read|recommended|tags?|topics?|filed\ under|categories|category|labels|keywords?)
      (?:\ ?[:|>»]|\ more\b|\ also\b|\ next\b)
    | (?:read\ more|continue\ reading|full\ story|»»|>>|→)\W*$
    """
)
BYLINE = _pattern(
    r"""
    ^(?:(?:written|posted|reported|story|text|words)\ )?by:?\ \S
    | ^(?:par|von|por|door|av)\ (?-i:[A-Z]\w+\ [A-Z])
    """
)
DEBRIS = _pattern(
    r"""
    ^(?:string\(\d+\)|var\ |function\ ?\(|window\.|document\.|\(function|<[a-z!/?]|[{\[]\s?["'{\[])
    """
)
# Topics of requests for consent, one group each; an article may name one of them.
CONSENT_TOPICS = _pattern(
    r"""
    (?P<cookies>\bcookies?\b)
    | (?P<consent>\bconsent\b|\bopt(?:ing)?[-\ ](?:out|in)\b|\beinwilligung|\bconsentement\b|\bconsentimiento\b
      |\bconsenso\b|\bconsentimento\b|\btoestemming\b)
    | (?P<data>\b(?:personal|browsing|your|user)\ (?:data|information)\b|\bpersonenbezogene|\bdonn\u00e9es\ personnelles
      |\bdatos\ personales|\bdati\ personali|\bdados\ pessoais|\bpersoonsgegevens)
    | (?P<partners>\b(?:our|\d[\d,.]*|unsere[nr]?|nos|nuestros|nostri|nossos|onze)\ partners?\b|\bour\ \d+\ partners
      |\b\d+\ partner|\bsocios\b|\bparceiros\b|\bpartenaires\b|\bvendors\b|\bsome\ partners)
    | (?P<others>\bthird[-\ ]part(?:y|ies)\b|\bdrittanbieter|\btiers\b|\bterceros\b|\bterze\ parti\b|\bterceiros\b)
    | (?P<interest>\blegitimate\ (?:business\ )?interests?\b|\bberechtigte[sn]?\ interesse
      |\bint\u00e9r\u00eat\ l\u00e9gitime|\binter\u00e9s\ leg\u00edtimo|\blegittimo\ interesse
      |\binteresse\ leg\u00edtimo|\bgerechtvaardigd\ belang)
    | (?P<policy>\bprivacy\b|\bdatenschutz|\bconfidentialit\u00e9\b|\bprivacidade?\b|\b(?:gdpr|ccpa|dsgvo)\b)
    | (?P<choices>\b(?:your|these)\ (?:choices|preferences|settings|browser)\b|\bcookie\ (?:settings|preferences)
      |\bopt-?out\ preferences|\bmanage\ (?:your\ )?(?:choices|options|preferences))
    | (?P<device>\b(?:on|to)\ (?:a|your)\ device\b|\bunique\ identifiers?\b|\bgeolocation\b|\bdevice\ characteristics\b)
    | (?P<advertising>\b(?:personali[sz]ed|targeted|relevant)\ (?:ads?|advertis\w+|content)\b)
    | (?P<sale>\b(?:sale\ of|not\ sell|sells?)\b.{0,40}\b(?:personal|your)\b)
    """
)
# Labels, buttons and invitations of a page, which are not headlines; used only in the search for headlines.
PAGE_LABEL = _pattern(
    r"""
    ^(?:share|tweet|send|print|save|copy|e-?mail|listen|watch\ live|skip|sign\ (?:in|up|out)|log\ ?(?:in|out)|subscribe
      |register|edit\ profile|thanks\ for|download\ the|access\ (?:your|all)|get\ (?:the|our|your)\ (?:app|news\w+)
      |artikel\ (?:teilen|anh|drucken|h\u00f6ren)|teilen|partager|compartir|compartilhar|condividi|zur\u00fcck\ zur?
      |abonn\w*|you\ are\ here|follow|support\ our|(?:become|already)\ a\ (?:member|subscriber)|join\ (?:us|our)
      |advertis|sponsored|most\ (?:read|popular)|more\ (?:from|on|stories)|related|recommended|trending
      |public(?:ado|ada|ato|ata|i\u00e9)|ver\u00f6ffentlicht|aktualisiert|actualizado|atualizado|gepubliceerd
      |mis\ \u00e0\ jour
      |\u043e\u043f\u0443\u0431\u043b\u0438\u043a\u043e\u0432\u0430\u043d\u043e|\u5206\u4eab|\u30b7\u30a7\u30a2)\b
    | \b(?:newsletters?|sign\ up|sign(?:ed)?\ (?:in|out)|log\ in|subscribers?\ only|for\ subscribers
      |(?:via|by)\ e-?mail
      |on\ (?:facebook|twitter|whatsapp|x)|copy\ link|font\ size|text\ size|all\ rights\ reserved|min(?:ute)?s?\ read
      |your\ (?:browser|inbox|subscription|consent)|this\ (?:page|site|article|website|content)|to\ continue\ reading
      |free\ trial|unlimited\ access|something\ went\ wrong|newsletter|bezahlinhalt|nur\ f\u00fcr\ abonnenten)\b
    | \b(?:getty(?:\ images)?|reuters|afp|epa|dpa|ap\ photo|shutterstock|alamy|imago|keystone)(?:\ ?/|\)?$)
    | ^embargo(?:ed)?:?(?:\ (?:until|till|for\ (?:release|publication))\b.*|\ ?\d.*)?$
    | ^(?:for\ immediate\ (?:release|publication|use)|(?:press|news|media)\ (?:release|statement)
      |pressemitteilung|medienmitteilung|communiqu\u00e9\ de\ presse|comunicado\ de\ prensa|persbericht)[:!.]?$
    | ^(?:photo|foto|image|bild|picture|illustration|video|cr\u00e9dit|cr\u00e9dito|credit|grafik|caption)s?\ ?[:/(]
    | \b(?:photo|foto|photograph|bild|image)s?\ ?(?:by|von|de|:)\ [^.]{2,40}$
    """
)
# Words by which a page refers to itself, and words by which it addresses its reader.
FROM_THE_PAGE = _pattern(
    r"""
    \b(?:we|us|our|these\ cookies|(?:this|the|our)\ (?:web\ ?)?site|wir|uns(?:ere[nrm]?)?|nous|nos|notre
      |nosotros|nuestr[oa]s?|noi|nostr[oaie]|n\u00f3s|noss[oa]s?|wij|onze)\b
    """
)
TO_THE_READER = _pattern(
    r"""
    \b(?:you|your|sie|ihre[nrm]?|vous|vos|votre|usted|sus?|tu|tuoi|voc\u00ea|seus?|suas?|je|jouw|uw)\b
    """
)
# A short block that opens the readers' comments.
COMMENTS_HEADING = _pattern(
    r"""
    ^\W{0,5}(?:\d{1,6}\ )?
    (?:(?:top|best|most|readers?|readers?['\u2019]s?|user|all|the|view|show|recent|latest|add|leave|post|write|join)\b
      [\w\ -]{0,20}?\ )?
    (?:comments?|responses?|repl(?:y|ies)|discussion|conversation|coment\u00e1rios|comentarios|commentaires|kommentare
      |commenti|reacties|komentarze|\u043a\u043e\u043c\u043c\u0435\u043d\u0442\u0430\u0440\u0438\u0438)\b
    (?:\ \(?\d{1,6}\)?)?\W{0,5}$
    """
)
# A short block that opens a section outside the article.
BOILERPLATE_HEADING = _pattern(
    r"""
    ^\W{0,5}(?:\d{1,6}\ )?
    (?:comments?|responses?|replies|leave\ a\ (?:comment|reply)|post\ a\ comment|join\ the\ (?:discussion|conversation)
      |related|similar|recommended|trending|latest|popular|featured|sponsored|promoted|discover|archives?|categories
      |more\ (?:from|in|on|stories|news|about|articles|like)|most\ (?:read|popular|viewed|shared|recent|commented)
      |you\ (?:may|might)\ (?:also\ )?(?:like|be)|read\ next|up\ next|what\ to\ read|further\ reading
      |don['\u2019]t\ miss
      |about\ (?:the\ )?(?:author|us|me)|author|sign\ up|newsletters?|share\ this|follow\ us|must[-\ ]reads?
      |top\ (?:stories|news|posts)|editors?['\u2019]s?\ picks|recent\ (?:posts|comments|articles|news)
      |also\ (?:on|in)|in\ other\ news|site\ (?:index|map|information)|from\ (?:the|our|around)
      |(?:next|previous)\ (?:article|post|story))\b
    """
)
# Whoever said it, in a sentence that reports it: "Follow the money, the prosecutor told the jury".
ATTRIBUTION = _pattern(
    r"""
    [,?!]["'\u201d\u2019]*\ (?:(?!(?:what|why|how|who|when|where|which|that|as|read|see|you|we)\b)[\w.'\u2019-]+\ ){1,9}
      (?:said|says|told|asked|ruled|heard|wrote|warned|announced|argued|reported|added|claimed|insisted|testified)\b
    | [,?!]["'\u201d\u2019]*\ (?:said|says|asked|wrote)\ \w
    | \b(?:said|says|ruled|heard|wrote|warned|announced|argued|reported|claimed|insisted|testified)\ that\b
    """
)
# Words for what happened: common verbs in the past tense, and days of the week.
EVENT = _pattern(
    r"""
    \b(?:was|were|had|did|said|told|heard|found|fell|rose|came|went|made|took|gave|got|became|began|left|lost|won|met
      |held|led|paid|sent|sold|bought|wrote|spoke|saw|built|broke|brought|caught|drew|grew|struck|fought)\b
    | \b(?:asked|ordered|ruled|voted|changed|announced|called|decided|refused|agreed|accused|warned|fined|sued|banned
      |arrested|killed|moved|opened|closed|started|ended|increased|reduced|rejected|adopted|happened|claimed)\b
      (?!\ by\b)
    | \b(?:on|last|next|since|until)\ (?:mon|tues|wednes|thurs|fri|satur|sun)day\b
    """
)
# Words by which a page refers to itself or addresses its reader, formulas, and verbs that begin an invitation.
NOTICE_WORDS = _pattern(
    r"""
    \b(?:you|yours?|we|ours?|here|please|(?-i:us))\b
    | \b(?:this|the)\ (?:web\ ?)?(?:site|page)\b | \bwebsite\b
    | \bthis\ (?:article|story|post|report|content|material|game|app)\b
    | \bmay\ not\ be\ (?:reproduced|published|copied) | all\ rights\ reserved | javascript
    | ^(?:sign|subscribe|log|register|follow(?!-)|like|join|download|click|tap|support\ (?!(?:for|from|among|in|of)\b)
        |donate|get|become|start|try|buy|shop|read|see|watch|continue|enter|submit|enable|accept|skip|jump|go|leave|post
        |write|add|view|show|hide|load|thanks?|use|manage|visit|check)\b
    """
)
# A notice of copyright in its usual form, which no sentence around it makes a report.
COPYRIGHT_FORMULA = _pattern(
    r"""
    ^\W*(?:©|\(c\)) | ©\W*(?:19|20)\d\d | copyright\W*(?:©|\(c\)|(?:19|20)\d\d|by\b)
    | all\ rights\ reserved\W*(?:$|[.])
    """
)
# A label and what it labels; after the colon in a sentence, the next word is usually in lower case.
LABEL = _pattern(r"""^[\w\ ]{2,20}\ ?[:|>»]\ ?(?-i:[^a-z\ ])""")
# Words of jobs, desks and organisations, which are not names of persons.
NOT_A_PERSON = re.compile(
    r"\b(?:staff|writer|report(?:er|ers|ing)|editor\w*|correspondent|columnist|press|news\w*|bureau|desk|team|wire"
    r"|contribut\w+|times|post|agency|agencies|media|admin|journal|online|digital|network|magazine|the|our|your"
    r"|guest|special|senior|service|reuters|associated|updated|today)\b",
    re.IGNORECASE,
)
