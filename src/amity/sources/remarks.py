"""The words of one mail -> what the writer promises, asks for, gives thanks for, and whom they introduce.

Rules are tables of phrases, English first, German second. Precision comes first: what is conditional, reported,
negated, a figure of courtesy or said to many is left out, since a promise that nobody made is worse than one missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from amity import handles
from amity.model import Found, Handle, Moment, Party, Role, Sign

EVIDENCE = 300  # characters of a sentence that are kept
FEW = 8  # readers; what is said to more is said to nobody in particular
MOST = 20  # findings of one mail
_SENTENCE = 450  # characters; what is longer is no sentence
_BODY = 60_000  # characters in which remarks are looked for: letters are shorter

# -- what never comes from one person to another ----------------------------------------------------------------------

_MASS = re.compile(
    r"\bunsubscrib|\bopt[ -]?out\b|remov(?:ed?|al) (?:from|me)\b.{0,40}\blist\b|you (?:are receiving|(?:have "
    r")?received) this"
    r"|view (?:this|it) (?:\w+ )?in (?:your|a) browser|privacy policy|click (?:here|below|on the link)|terms "
    r"(?:of service|and conditions)"
    r"|all rights reserved|\babmelden\b|\babbestell|newsletter (?:erhalten|abonn)|1-8\d\d-\d{3}|money[- ]back"
    r"|do not reply to this"
    r"|automatically generated|automatisch (?:generiert|erstellt)|limited time|100% (?:free|guarante)|dear "
    r"(?:sir|friend|customer|member)"
    r"|address ?book|safe[- ](?:senders?|list)|subject (?:line|field|box|heading)|be removed|order form"
    r"|money order|credit card order|\$\d{1,3},\d{3},\d{3}"
    r"|\bnext of kin\b|free (?:analysis|trial|gift|shipping)|out of (?:the )?office|auto(?:matic|mated)?[- "
    r"]?(?:reply|response)|abwesenheit"
    r"|\bon (?:annual leave|vacation)\b.{0,200}\bwhen i return\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:.*[-._+])?(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|nobody|mailer-?daemon|postmaster|bounces?"
    r"|notifications?|notify|alerts?"
    r"|newsletters?|digest|automated|daemon|root|cron|robot|bot|announce|mailings?)(?:[-._+0-9].*)?",
    re.IGNORECASE,
)

# -- sentences --------------------------------------------------------------------------------------------------------

_END = re.compile(r"(?<=[.!?…])[\"')\]]{0,3} +(?=[\"'(\[]{0,2}[^\W\d_a-zß-öø-ÿ])|(?<=[!?])[\"')\]]{0,3} +")
_SHORTENED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nr|jr|sr|vs|etc|ca|bzw|inkl|evtl|ggf|usw|tel|dept|univ|inc|ltd|co|corp"
    r"|e\.g|i\.e|z\. ?b|d\. ?h|u\. ?a)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-*•·o]|\d{1,2}[.)]|\([a-z\d]\)) ")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "…"}
)
_SIGNED = re.compile(r"\s{0,4}-{0,2} ?-- ?$|\s{0,4}-- ?$")
_RULE = re.compile(r"\s{0,8}[-_=*~#+]{5,}")
_LEGAL = re.compile(
    r"\b(?:confidential(?:ity)?|privileged|intended (?:only )?(?:for|recipient)|disclaimer|vertraulich)\b.*"
    r"\b(?:notice|recipient|information|message|e-?mail|disclos|informationen|empfänger)",
    re.IGNORECASE,
)


def paragraphs(text: str) -> Iterator[str]:
    """Yield a mail's paragraphs and list items, each as one line, up to the signature."""
    held: list[str] = []
    for line in text[:_BODY].split("\n"):
        if _SIGNED.match(line):
            break
        line = " ".join(line.split())
        apart = not line or _RULE.match(line) is not None
        if held and (
            apart or _ITEM.match(line) or (len(held[-1]) < 45 and held[-1][-1] not in ".!?;-" and line[:1].isupper())
        ):
            yield " ".join(held)
            held.clear()
        if not apart:
            held.append(line)
    if held:
        yield " ".join(held)


def sentences(text: str) -> Iterator[str]:
    """Yield a mail's sentences, quotation marks and apostrophes made plain."""
    for paragraph in paragraphs(text.translate(_PLAIN)):
        start = 0
        for match in _END.finditer(paragraph):
            if paragraph[match.start() - 1] == "." and _SHORTENED.search(
                paragraph, max(0, match.start() - 8), match.start()
            ):
                continue
            yield paragraph[start : match.end()].strip()
            start = match.end()
        yield paragraph[start:].strip()


# -- phrases ----------------------------------------------------------------------------------------------------------


class Rule(NamedTuple):
    """One way to say something: the phrase, and what in the same sentence takes it back."""

    phrase: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def _any(table: str) -> str:
    """Return the alternatives of a table, one a line."""
    return "(?:" + "|".join(line.strip() for line in table.strip().splitlines()) + ")"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_YOU = r"(?:you|u)\b"
_ADVERB = (
    r"(?:(?:also|certainly|definitely|gladly|happily|just|then|now|of course|personally|please|quickly"
    r"|kindly|perhaps|maybe|possibly) ){0,2}"
)
# A person's name as written: capital letters are asked for although the rest of a rule does not mind them.
_NAME = (
    r"(?-i:[A-ZÀ-ÖØ-ÞŠŽČŁŚŻ][\w'-]{1,30}(?: (?:(?:von|van|de|der|di|da|la|bin) "
    r"){0,2}[A-ZÀ-ÖØ-ÞŠŽČŁŚŻ][\w'.-]{0,30}){0,3})"
)

_DEEDS = _any(r"""
    send (?:it|them|this|that|these|those|over|along|out|you|him|her|the|my|our|a|an|some|another|more|everyone)\b
    e-?mail (?:it|them|you|him|her|the)\b
    mail (?:it|them|you|him|her|the)\b
    forward (?:it|them|this|that|you|him|her|the|your|a|my)\b
    pass (?:it|them|this|that) (?:on|along)
    pass (?:your|the) .{1,40} (?:on|along)\b
    share (?:it|them|this|that|the|my|our|a|some)\b
    get back to you
    get (?:it|them|this|that|you|those|these) (?:to you|over to you|done|out to you|a copy|the|an answer)
    come back to you
    let you know
    let you have
    keep you (?:posted|updated|informed|in the loop|up to date)
    put you in touch
    put you in contact
    introduce you (?!myself)
    make (?:the|an|that) (?:intro|introduction|connection)
    connect you (?:to|with)
    (?:call|ring|phone|text|ping|message|contact|skype) you (?!a\b|an\b)
    give you (?:a (?:call|ring|shout|copy|hand|buzz|lift|ride|tour|list|summary|date|time)|an? (?:answer|update))
    give you (?:the|my|more|some|feedback)
    drop you a
    write (?:to you|you|back)
    reply (?:to you|to your|in detail|in full|properly|by|tomorrow|soon|later|on)
    respond (?:to you|to your|in detail|properly|by|tomorrow|soon)
    follow up (?:with|on|by|next|tomorrow)
    look into (?:it|this|that|the|your)
    look (?:it|that|this) up
    find out (?!more about)
    check (?:with|on|it|this|that|whether|if|my|the|our|and)\b
    ask (?:him|her|them|my|our|the|(?-i:[A-Z][a-zà-ÿ]+))\b
    talk to (?:him|her|them|(?-i:[A-Z][a-zà-ÿ]+))\b
    speak (?:to|with) (?:him|her|them|(?-i:[A-Z][a-zà-ÿ]+))\b
    bring (?:it|them|you|a|an|the|some|my|along)\b
    prepare (?:a|an|the|it|some|something)\b
    draft (?:a|an|the|it|something)\b
    write (?:up )?(?:a|the) (?:draft|summary|proposal|report|reference|recommendation|letter|note|minutes|review)
    book (?:a|the|it|us|you|our)\b
    arrange (?:a|an|the|it|for|that)\b
    organi[sz]e (?:a|an|the|it)\b
    set (?:it|that|this) up
    set up (?:a|an|the|some)\b
    schedule (?:a|an|the|it)\b
    circulate (?:a|an|the|it|my)\b
    pay you
    return (?:it|them|your|the)\b
    (?:review|read|proofread) (?:it|them|this|that|your|the)\b
    (?:have|take) a (?:\w+ )?look
    take care of (?:it|that|this|the)\b
    make sure (?:you|that|to|the|it|we)\b
    confirm (?:it|that|this|the|with|by|as|whether|if|my)\b
    add you\b
    invite you
    pick you up
    meet you (?:at|there|on|in|outside|tomorrow|for)
    show you (?:the|my|our|around|how|some|what|it)\b
    help you (?:with|out|to|find|get|set|move|prepare|write|fix|on)\b
    finish (?:it|this|that|the|my)\b
    fix (?:it|this|that|the)\b
    provide you
    buy you
    vouch for you
    recommend you (?:to|for)
    mention (?:it|you|your .{1,30}) to
    put in a (?:good )?word
    order (?:it|them|one|the|a|some)\b
    transfer (?:it|the|you)\b
""")
_IF = _pattern(
    r"\b(?:if(?! possible)|unless|in case|provided|should (?:you|we|i|it|there)|(?:once|when|after|until|till"
    r"|before|as soon as|assuming|whenever) "
    r"(?:you|your|he|she|they|we)|whoever|anyone|anybody|wenn|falls|sobald (?:du|sie|ihr)|sofern|or (?:else"
    r"|otherwise)|otherwise)\b"
)
_WHETHER = _pattern(
    r"\b(?:check|ask|asks|find out|confirm|schau\w*|frag\w*|prüf\w*)(?: \w+){0,4}?,? (?:if|wenn|when (?:you"
    r"|he|she|they|we))\b"
)
_TAKEN_BACK = (
    r"\b(?:not|never|don't|won't|can't|cannot|no longer|hardly|nicht|nie|kein\w*|niemals)\b|\bi "
    r"(?:hope|think|guess|doubt|wish|wonder|believe) i\b"
)
_UNKEPT = _pattern(
    _TAKEN_BACK
    + r"|\bperhaps\b|\bmaybe\b|\bpossibly\b|\bprobably\b|\bmight\b|\btry\b|\bvielleicht\b|\bwomöglich\b|\bversuche\b"
)
_PROMISES = (
    Rule(_pattern(rf"\b(?:i'll|i will|i shall|i am going to|i'm going to|i promise to|i promise (?:that "
        rf")?i'll) {_ADVERB}{_DEEDS}")),
    Rule(_pattern(r"^(?:(?:ok(?:ay)?|sure|yes|great|thanks|perfect),? )?will (?:send|forward|e-?mail|get "
        r"back to|let you know|call you|follow up|check|keep you)\b(?! you\b.*\?)")),
    Rule(_pattern(r"\blet me (?:check|look into|find out|ask (?!you)|get back to you|send you|forward|dig "
        r"(?:it|that|them|out|up)|introduce you|connect you|put you in touch|talk to (?!you)|see what i can)")),
    Rule(_pattern(r"\byou(?:'ll| will| shall) (?:have|get|receive|find) .{0,60}\bfrom me\b|\byou(?:'ll| "
        r"will) (?:have|get) (?:it|them|the \w+(?: \w+)?|my \w+(?: \w+)?) (?:by|on|tomorrow|today|tonight"
        r"|before|this|next|in your)\b|\byou(?:'ll| will) hear from me\b")),
    Rule(_pattern(
        r"\b(?:ich|gern(?:e)?|dann|morgen|heute|später|anschließend|ich werde) ?\b(?:werde )?"
        r"(?:schick|sende|maile|leite|gebe|geb|besorge|besorg|bringe|bring|schreibe|schreib|zeige|zeig"
        r"|überweise|kopiere|borge|leihe)(?:e)? (?:ich )?(?:es |sie |ihn |das |dir|ihnen|euch)\b"
        r"|\b(?:schicke?|sende|maile|gebe?|besorge?|bringe?|schreibe?|zeige?|leite|kopiere) ich (?:es |sie "
        r"|ihn |das )?(?:dir|ihnen|euch)\b"
    )),
    Rule(_pattern(r"\bich werde (?:\w+ ){0,2}?(?:dir|ihnen|euch)\b.{1,100}\b(?:schicken|senden|mailen|geben"
        r"|besorgen|bringen|schreiben|zeigen|weiterleiten|mitteilen|vorstellen)\b")),
    Rule(_pattern(r"\b(?:ich melde mich|melde ich mich|ich rufe (?:dich|sie|euch)|ich kümmere mich|ich frage "
        r"(?!mich|dich|sie\b)\w+|ich schaue? (?:\w+ ){0,3}?nach|ich gebe? (?:dir|ihnen|euch) (?:\w+ "
        r"){0,2}?bescheid|ich halte (?:dich|sie|euch) auf dem laufenden|ich stelle (?:dich|sie|dir|ihnen) "
        r"(?:\w+ ){0,4}?(?-i:[A-ZÄÖÜ]\w+) (?:\w+ ){0,2}?vor|ich schau(?:e)? (?:mir )?(?:das|es) (?:\w+ "
        r")?an)\b")),
)  # fmt: skip

_WANTED_VERBS = _any(r"""
    send
    forward
    (?:re)?call\b(?! (?:us|our|now|today|toll))
    give
    let (?:me|us|him|her|them|(?-i:[A-Z][a-z]+)) know
    tell
    ask
    answer
    reply
    respond
    get
    bring
    check
    confirm
    review
    read
    look
    take (?:a|the) (?:\w+ )?look
    add
    remove
    update
    change
    fix
    correct
    revise
    amend
    edit
    complete
    fill
    sign
    return
    fax
    e-?mail
    mail
    print
    copy
    pass
    share
    provide
    prepare
    draft
    write
    help
    arrange
    schedule
    re-?schedule
    set up
    book
    organi[sz]e
    coordinate
    make
    put
    keep
    hold
    move
    cancel
    approve
    advise
    explain
    clarify
    describe
    elaborate
    introduce
    connect
    recommend
    suggest
    speak
    talk
    discuss
    meet
    come
    stop
    join
    attend
    be (?:there|ready|available|prepared|sure)
    contact
    follow
    work
    handle
    process
    pull
    run
    find (?!attached|enclosed|below|the attached|our|my|herein|here)
    show
    submit
    supply
    deliver
    pick
    drop
    leave
    post
    upload
    verify
    test
    try
    do
    set
    pay
    order
    buy
    get back
    include
    insert
    assist
    ensure
    distribute
    circulate
    notify
    inform
    plan
    start
    delete
    issue
    identify
    determine
    investigate
    lend
    spare
    proofread
    comment
    vouch
    thank
    have (?!a (?:good|great|nice|wonderful|happy|safe|lovely|look at our))
    reach out
    teach
    attempt
    attach
    cc
""")
_PERFUNCTORY = _pattern(
    r"\b(?:do not|don't|not) hesitate|\bfeel free|\bany (?:further |other |additional |more )?(?:questions?"
    r"|queries|concerns|comments|problems|trouble|difficult\w+)"
    r"|\blet (?:me|us) know if (?:you (?:have|need|want|would|'d|are interested|wish|require|find|run|see"
    r"|think)|there|anything|i can|we can|i could|we could|any|something)"
    r"|\bif (?:there is|i can be|we can be|i can help|we can help|anything)|\battached please find|\bplease "
    r"(?:follow|keep in mind|note)\b|\bbe advised|\bplease (?:be aware|see attached|see below)"
    r"|\bif you(?:'d| would)? (?:have|need|want|wish|like|prefer|rather|had|were|believe|enjoy|find|estimate"
    r"|do|would not|are interested|require|no longer|received this|are not the|do not|don't want|did not"
    r"|no)\b"
    r"|\bshould you\b|\b(?:call|contact|e-?mail|write to|visit) (?:us|our|1-)\b|\b(?:log ?in|sign up|sign in"
    r"|register|rsvp|enrol\w*|click|download|subscribe)\b"
    r"|\b(?:someone|anyone|anybody|somebody|those of you)\b|\bif i(?:'m| am| was| were) (?:wrong|mistaken"
    r"|missing)|\bcorrect me\b|^to \w+.{3,80}, please\b|\bfor (?:more|further|additional) (?:information"
    r"|details|info)\b|\bkeine scheu\b|\bstehe\w* .* zur verfügung"
)
_UNASKED = _pattern(
    r"\b(?:how|why|what|where|who|which|that|things|way|as|so|than|whatever|everything|anything|all|wie|was"
    r"|warum|wo|wer) (?:the (?:hell|heck) )?(?:else |then |exactly |on earth )?(?:can|could|would|will|may) (?:you|i)\b"
    r"|\b(?:can|could|would|will) you (?:\w+ )?(?:believe|imagine|guess|see the|hear|say|call (?:it|that|this)"
    r"|be|excuse|tell "
    r"(?:the difference|from|by)|blame|really|ever|possibly"
    r"|prefer|rather|agree|think|want|argue|expect|trust|love|say)\b(?! able| so kind| available| willing| "
    r"interested in helping)"
    r"|\bwould you (?:like|care)\b(?! to (?:review|take|send|call|give|let|check))"
)
_REQUESTS = (
    Rule(_pattern(rf"\b(?:can|could|will|cld) {_YOU} {_ADVERB}(?:(?:all|guys|both|two) )?"
        rf"{_ADVERB}{_WANTED_VERBS}\b"), _UNASKED),
    Rule(_pattern(rf"\bwould {_YOU} {_ADVERB}(?:send|forward|give me|let (?:me|us)|check|ask|call me|take a"
        rf"|review|help|introduce|confirm|tell me|explain|share|be (?:able|willing|available|so kind|kind "
        rf"enough))\b")),
    Rule(_pattern(r"\b(?:can|could|may) (?:i|we) (?:please |possibly |also |just )?(?:get|have|see|borrow"
        r"|meet|talk|speak|schedule|set up|discuss|arrange|try to|chat|catch up|reschedule|move)\b.*\?"), _UNASKED),
    Rule(_pattern(r"\b(?:are you|will you be|would you be) (?:\w+ )?(?:free|available)\b.*\?|\bdo you have "
        r"(?:any |some )?(?:time|a (?:few |couple of )?(?:minutes?|moments?|seconds?)|\d+ minutes)\b.*\?")),
    Rule(_pattern(r"\b(?:do you )?(?:want|wanna|like|care) (?:to )?(?:join|come|meet (?:up|for)|grab|get "
        r"together|have (?:lunch|dinner|coffee|a (?:drink|beer|coffee)))\b.*\?"), _pattern(r"\b(?:he|she|they"
            r"|who|people)\b")),
    Rule(_pattern(r"\bi(?:'d| would) (?:also |really )?(?:like|love) to (?:discuss|meet|talk|sit down"
        r"|schedule|set up|speak|get together|catch up|chat)\b.{0,80}\byou\b"), _pattern(r"\bif you\b|\bother"
            r"|\bsome ?(?:day|time)\b|\bthank")),
    Rule(
        _pattern(r"\b(?:can|could|would|will) (?-i:[A-Z][a-z]+ )?you (?:please|pls|kindly|possibly please)\b"), _UNASKED
    ),
    Rule(_pattern(rf"\b(?:can|could) {_YOU} (?:be (?:available|so kind)|help\b)"), _UNASKED),
    Rule(_pattern(r"\bwould (?:you|u) mind\b(?! if (?:i|we))")),
    Rule(_pattern(r"\b(?:would|will|is|wd) it be (?:\w+ )?possible (?:for you )?to\b|\bis it possible for "
        r"you to\b|\bany (?:chance|way) (?:that )?you (?:can|could|might|would)\b")),
    Rule(_pattern(r"\b(?:do|would) you (?:think you|be (?:able|willing|so kind as|kind enough|available)"
        r"|have (?:time|a (?:minute|moment|few minutes|second|chance))) ?(?:could|can|to|for)\b")),
    Rule(_pattern(r"\b(?:wonder|wondering|hoping|hope) (?:if|whether|that|maybe)? ?(?:you|u) (?:could|would"
        r"|can|might|had|have|will be able)\b(?! (?:be|excuse|forgive|see|feel|find|like|enjoy|wonder\w*|had"
        r"|have a (?:good|nice"
        r"|great)))")),
    Rule(_pattern(r"\b(?:appreciate|grateful|thankful|helpful|great|good|nice|wonderful|lovely|love|obliged"
        r"|like)(?: it)?(?: very much| greatly| a lot)? if you (?:can|could|would|were able|'d)\b(?! (?:like"
        r"|be interested))")),
    Rule(_pattern(r"\bi(?:'d| would) (?:like|love|prefer|want) (?:for )?you to (?!know|meet|have|enjoy|be"
        r"|feel|understand|think|believe)\w+")),
    Rule(_pattern(r"\bi (?:need|want) you to (?!know|feel|be happy|understand|believe)\w+|\bi(?:'ll| will)? "
        r"need (?:your (?!help to spread|support)\w+|(?:a|an|the) .{1,60} from you)\b")),
    Rule(_pattern(r"\b(?:may|can|could|might) i (?:please )?(?:ask|trouble|bother|beg) (?:you|a favou?r|for "
        r"your)\b|\b(?:ask|need|do me|have) a (?:\w+ )?favou?r\b(?! of)")),
    Rule(_pattern(rf"(?:^|[,;:.!?)-] ?|\b(?:so|and|but|then|also|now|again|could someone|would someone"
        rf"|[A-Z][a-z]+) )(?:please|pls|plz)[,:]? {_ADVERB}{_WANTED_VERBS}\b"), _pattern(r"\bwe please\b"
            r"|\bplease (?:do|try) not\b|\bto please\b")),
    Rule(_pattern(r"^(?:\W*(?-i:[A-Z][a-z]+), )?(?:just )?(?:let me know (?!when you arrive safely)|(?:send"
        r"|give|call|e-?mail|ring|text|phone|fax|show|tell|remind|get) me\b|get back to me|keep me (?:posted"
        r"|informed|updated|in the loop))"), _pattern(r"\blet me know if there\b|\bgive me (?:a break"
            r"|strength|liberty)\b|\b(?:tell|call) me (?:about it|crazy|old|paranoid|naive|stupid|cynical"
            r"|ishmael)\b|\bshow me (?:a|the)\b|\btell me how \w+ this\b|\b(?:e-?mail|call|write) me (?:at"
            r"|@)\b|\bgives? me\b|\bto let me know\b|\bremind me (?:of|never)\b")),
    Rule(_pattern(r"(?:\b(?:and|so|then|but)|,) (?:please )?let me know (?:what|when|whether|how|your|which"
        r"|where|who|asap|as soon as|after|by|if (?:that|this|it|you can|you could|you(?:'re| are) (?:free"
        r"|available|able)))\b"), _pattern(r"\bto let me know\b")),
    Rule(_pattern(r"\b(?:kannst|könntest|würdest|magst) du (?:\w+ ){0,6}?(?:mir|uns|mich|bitte|kurz|mal)\b"
        r"|\b(?:können|könnten|würden) sie (?:\w+ ){0,6}?(?:mir|uns|mich|bitte|kurz)\b")),
    Rule(_pattern(r"\bbitte (?:\w+ ){0,3}?(?:schick\w*|send\w*|leite\w*|gib\w*|geben|sag\w*|melde\w*|ruf\w*"
        r"|prüf\w*|schau\w*|lies|lesen|bestätig\w*|antwort\w*|teil\w*|lass\w*|besorg\w*|bring\w*|füll\w*"
        r"|unterschreib\w*|erkläre?n?|korrigier\w*|ergänz\w*|komm\w*) (?:mir|uns|mich|sie|es|das|die|den|dem"
        r"|ihm|ihr|bis|noch|mal|kurz|bescheid)\b"), _pattern(r"\bbei (?:rück)?fragen\b|\bzögern\b|\bsollten sie\b")),
    Rule(_pattern(r"\b(?:hättest du|hätten sie|hast du|haben sie) (?:\w+ ){0,3}?(?:kurz )?(?:zeit|lust),? "
        r"(?:\w+ ){0,6}?(?:zu|für|um|mir)\b|\bwär(?:st du|en sie) so (?:nett|lieb|freundlich|gut)\b|\b(?:gib"
        r"|geben sie|sag|sagen sie) mir (?:bitte |kurz ){0,2}bescheid\b|\bdarf ich (?:dich|sie|euch) (?:\w+ "
        r"){0,3}?bitten\b|\bich bitte (?:dich|sie) (?:um|,)|\bich wäre (?:dir|ihnen) (?:\w+ )?dankbar,? "
        r"wenn\b|\bstell(?:st|en|t)? (?:du|sie) mich (?:\w+ ){0,4}?vor\b")),
)  # fmt: skip

_POLITE = _any(r"""
    very
    kind
    continued
    quick
    prompt
    nice
    long
    great
    sweet
    early
    recent
    last
    interesting
    swift
    fast
    speedy
    rapid
    detailed
""")
_LITTLE = _any(r"""
    time
    understanding
    patience
    co-?operation
    attention
    consideration
    order
    purchase
    interest
    support
    business
    e-?mails?
    mails?
    messages?
    notes?
    letters?
    repl(?:y|ies)
    responses?
    answers?
    concern
    inquiry
    enquiry
    update
    heads[ -]up
    head's up
    info
    clarification
    confirmation
    call
    input
    feedback
    posting?s?
    reading
    listening
    thoughts
    question
    comments?
    kind words
    birthday wishes
""")
_USUAL = _any(r"""
    subscri
    sign
    regist
    contact
    writ
    shop
    choos
    us
    visit
    join
    order
    purchas
    request
    submitt
    download
    report
    reply
    respond
    answer
    let
    get
    listen
    read
    stopp
    hold
    wait
    be
    understand
    consider
    keep
    call
    catch
""")
_WENIG = _any(r"""
    (?:e-)?mail
    nachricht
    antwort
    anfrage
    bestellung
    geduld
    aufmerksamkeit
    rückmeldung
    info
    mitteilung
    verständnis
    interesse
    vertrauen
    schreiben
    bemühungen
    schnelle\w*
    rasche\w*
    prompte\w*
""")
# What is thanked for out of courtesy: it is no gift.
_COURTESY = (
    rf"(?:(?:your |the |all (?:your )?)?(?:{_POLITE} ?){{0,3}}{_LITTLE}\b|(?:\w+ )?{_USUAL}\w{{0,4}}ing\b|nothing\b"
    r"|any\b|the (?:reminder|follow-?up|fish)\b"
    r"|(?:that|this|it|these|those|everything|all)(?:,? (?-i:[A-Z][a-z]+))?\W*$"
    rf"|(?:ihre?|deine?|die|das|eure?|euer) (?:\w+ )?{_WENIG}\b|(?:das|dies|alles)\W*$)"
)
_GRATITUDE = (
    Rule(
        _pattern(
            r"\b(?:thanks|thank you|thank u|thanx|thx|tx|thnx|many thanks|i(?:'m| am) (?:so |very |really "
            r"|deeply )?grateful(?: to you)?|i (?:really |so |very much |greatly |deeply )?appreciate you)"
            r"(?:,? (?:so much|very much|a lot|a bunch|a million|again|ever so much|both|all|all so much"
            r"|(?-i:[A-Z][a-z]+))){0,3},? for (?P<what>.{3,})"
        ),
        _pattern(
            rf"\bfor {_COURTESY}|\bno,? thanks|\b(?:can|could|would|please|to|say|said|says) thank\b(?! you)"
            rf"|\b(?:he|she|they|we) (?:\w+ )?thank(?:s|ed)?\b"
            r"|\bthank you (?:card|note|letter)|\bin advance\b"
        ),
    ),
    Rule(
        _pattern(r"\b(?:danke|(?:vielen|besten|herzlichen|tausend|lieben|schönen) dank|dankeschön|ich (?:bin"
            r"|wäre) (?:dir|ihnen) (?:\w+ )?dankbar|ich danke (?:dir|ihnen|euch))(?: (?:dir|ihnen|euch"
            r"|nochmals?|noch einmal|sehr|vielmals|auch)){0,3},? (?:für|dafür,? dass) (?P<what>.{3,})"),
        _pattern(rf"\bfür {_COURTESY}|\bim voraus\b|\bnein,? danke"),
    ),
)  # fmt: skip

# Said below a question it is thanks in advance.
_ADVANCE = _pattern(
    r"\bfor (?:(?:the|your|you|all|all your|this|kind) )*(?:help\w*|assistance|advice|suggestions?|tips?"
    r"|pointers?|services?|efforts?)\W*$"
)

_PRESENT = (
    Rule(_pattern(rf"(?:^|[.,:;!-] ?|\b(?:hi|hello|hey|dear) )(?P<one>{_NAME}),? (?:please |i(?:'d| would) "
        rf"like you to |i want you to )?meet (?:my (?:\w+ ){{0,4}})?(?P<two>{_NAME})")),
    Rule(_pattern(rf"^(?:and |also |so )?(?:please )?meet (?:my (?:\w+ ){{0,4}})?(?P<one>{_NAME})(?=[ ,.!(:-])"),
        _pattern(r"\bmeet (?:\w+ ){1,3}(?:at|on|for|in|tomorrow|tonight|today|next|there)\b")),
    Rule(_pattern(rf"\b(?:i(?:'d| would)(?: really)? (?:like|love|want) to|i want(?:ed)? to|i(?:'m| "
        rf"am)? ?(?:writing|wanted|glad|happy|pleased|delighted|excited|thrilled) to|let me|allow me to|may i"
        rf"|i(?:'m| am)|i hereby|it's my pleasure to|here to|just) introduc(?:e|ing)(?: you)?(?: (?:both|two"
        rf"|guys|all))?(?: to)?(?: (?:my|our) (?:\w+ ){{0,4}})? ?(?P<one>{_NAME})(?:(?:,? (?:and|to|with) "
        rf")(?P<two>{_NAME}))?")),
    Rule(_pattern(r"\bintroduc(?:e|ing) (?P<both>you (?:two|both|guys)|the two of you)\b|\bconnect(?:ing)? "
        r"(?P<both2>you (?:two|both|guys)|the two of you)\b|\bput(?:ting)? (?P<both3>you (?:two|both|guys)"
        r"|the two of you) in (?:touch|contact)\b|\b(?P<both4>(?:you (?:two|both|guys)|the two of you)) "
        r"(?:should|ought to|need to|have to|must|really should) (?:meet|talk|know|connect|get to know|speak"
        r"|chat)\b")),
    Rule(_pattern(rf"\b(?:i(?:'m| am)|i(?:'d| would) like to|i want(?:ed)? to|let me|happy to|just) "
        rf"(?:connect(?:ing)?|put(?:ting)?) you (?:in (?:touch|contact) )?(?:to|with) (?:my (?:\w+ "
        rf"){{0,4}})?(?P<one>{_NAME})")),
    Rule(_pattern(rf"\b(?:i(?:'m| am)|i(?:'ve| have)?)? ?(?:cc'?ing|cc'?d|cc'?ed|copying(?: in)?|looping in"
        rf"|loop(?:ed)? in)(?: in)? (?:my (?:\w+ ){{0,4}})?(?P<one>{_NAME})\b|\b(?P<one2>{_NAME}) ?(?:,|is"
        rf"|\() ?(?:who (?:is|i've) )?(?:cc'?d|copied|in cc|in copy)\b(?! me)")),
    Rule(_pattern(rf"\b(?:darf|möchte|will|kann) ich (?:dir|ihnen|euch) (?:\w+ ){{0,4}}?(?P<one>{_NAME}) "
        rf"vorstellen\b|\bich (?:möchte|darf|will) (?:dir|ihnen|euch) (?:\w+ ){{0,4}}?(?P<one2>{_NAME}) "
        rf"vorstellen\b|\b(?P<both>euch|sie) (?:beide|zwei) (?:\w+ ){{0,4}}?(?:bekannt ?(?:zu )?machen"
        rf"|vernetzen|vorstellen|zusammenbringen)\b|\b(?P<one3>{_NAME}) (?:ist )?(?:in|im) cc\b")),
)  # fmt: skip
_NO_INTRODUCTION = _pattern(
    r"\b(?:myself|ourselves|himself|herself)\b|\bintroduc\w+ (?:our|the|a|an|this|new|some|more)\b|\?$"
    r"|\b(?:if|wenn|falls|could|can) (?:you|i|du|sie)\b|\bnot\b|\bwhen you meet\b"
)
_ACQUAINTED = _pattern(
    rf"\b(?:introduc\w*|intro|connect\w*|in (?:touch|contact)|vorgestellt|referr\w+|recommend\w*|acquaint\w*)\b"
    rf"(?: (?:me|us|you|him|her|mich|uns|dich|both|an|the))?(?: \w+)? ?(?:to|with|mit|an)? (?:(?:your|my|the"
    rf"|deine[mnr]?) (?:\w+ ){{0,3}})?(?P<one>{_NAME})(?:(?:,| and| und) (?P<two>{_NAME}))?"
)
_STELLE_VOR = _pattern(rf"\bstell\w* (?:mich|dich|dir|ihnen|sie) (?:\w+ ){{0,4}}?(?P<one>{_NAME}) (?:\w+ ){{0,2}}?vor")
_REPORTED = _pattern(
    r"\b(?:said|says|saying|told|tells|asked|asks|wrote|writes|replied|claims?|meinte|sagte|fragte|schrieb"
    r"|quote|quoted)\b"
)
_NO_NAMES = frozenset(
    """
    i you we he she they it me us my your our the this that all both everyone everybody someone guys folks team thanks
    thank please hi hello hey dear but and or so if then now here there what when where who why how yes no ok okay just
    also monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december ich du sie wir ihr er es der die das und oder bitte danke hallo liebe lieber
    re fw fwd inc ltd llc corp gmbh english german french internet linux windows microsoft google
    """.split()  # noqa: SIM905 - a table of words
)
# Cheap to look for: only sentences that hold one of them are held against the rules.
_HINTS = {
    "promise": (
        "i'll", "i will", "i shall", "i'm going", "i am going", "i promise", "will ", "let me", "you'll", "ich ",
        "werde ",
    ),
    "request": (
        "you", "please", "pls", "plz", "let me know", " me", "me ", "favo", "bitte", " du ", " sie ", "possible",
        "bescheid", "dankbar", "dich", "can we", "could we", "can i", "could i", "want to", "need the", "get back",
    ),
    "thanks": ("thank", "thx", "thanx", "thnx", "tx", "grateful", "appreciate", "dank"),
    "introduction": (
        "meet", "introduc", "connect", "in touch", "in contact", "cc", "copy", "copied", "loop", "you two", "you both",
        "two of you", "vorstellen", "euch", "bekannt",
    ),
}  # fmt: skip


def writer(moment: Moment) -> Handle | None:
    """Return who wrote a mail if a person can have, else None."""
    for party in moment.parties:
        if party.role == Role.FROM:
            return None if _MACHINE.fullmatch(party.handle.value.partition("@")[0][:100]) else party.handle
    return None


def _readers(moment: Moment, by: Handle) -> list[Party]:
    """Return the participants to whom a mail went, each once."""
    found: dict[Handle, Party] = {}
    for party in moment.parties:
        if party.role in (Role.TO, Role.CC) and party.handle != by:
            found.setdefault(party.handle, party)
    return list(found.values())


def _who(name: str | None, readers: list[Party]) -> Handle | None:
    """Return the one reader who bears a name, else the name itself as a handle; None where it is no name."""
    if not name:
        return None
    name = re.sub(r"'s$", "", name.strip(" .'-"))
    called = [word.strip(".,'").casefold() for word in name.split()]
    while called and called[-1] in _NO_NAMES:
        called.pop()
    if not called or called[0] in _NO_NAMES or len(called[0]) < 2:
        return None
    wanted = set(called)
    matching = [
        party.handle
        for party in readers
        if wanted <= set(re.findall(r"\w+", f"{party.name} {party.handle.value.partition('@')[0]}".casefold()))
    ]
    if len(matching) == 1:
        return matching[0]
    return handles.name(" ".join(name.split()[: len(called)]))


def _named(sentence: str, readers: list[Party]) -> tuple[Handle, ...]:
    """Return the people to whom a sentence says somebody is, was or should be introduced."""
    match = _ACQUAINTED.search(sentence) or _STELLE_VOR.search(sentence)
    if match is None:
        return ()
    found = [_who(match[group], readers) for group in match.groupdict()]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _said_by_writer(sentence: str, at: int) -> bool:
    """Tell whether the words from here on are the writer's own: not quoted, not reported."""
    before = sentence[:at]
    return before.count('"') % 2 == 0 and _REPORTED.search(before) is None


def _matches(rules: tuple[Rule, ...], sentence: str) -> re.Match[str] | None:
    for rule in rules:
        match = rule.phrase.search(sentence)
        if (
            match
            and (rule.unless is None or not rule.unless.search(sentence))
            and _said_by_writer(sentence, match.start())
        ):
            return match
    return None


def _promises(sentence: str) -> bool:
    if sentence.endswith("?") or _matches(_PROMISES, sentence) is None:
        return False
    return not (_UNKEPT.search(sentence) or _IF.search(_WHETHER.sub("", sentence)))


def _asks(sentence: str) -> bool:
    return not _PERFUNCTORY.search(sentence) and _matches(_REQUESTS, sentence) is not None


def _introduced(sentence: str, readers: list[Party]) -> tuple[Handle, ...]:
    """Return the readers whom a sentence makes known to each other; nobody where that is not sure."""
    if len(readers) < 2 or _NO_INTRODUCTION.search(sentence):
        return ()
    match = _matches(_PRESENT, sentence)
    if match is None:
        return ()
    among = {party.handle for party in readers}
    found: list[Handle] = []
    both = False
    for group, value in match.groupdict().items():
        if value and group.startswith("both"):
            both = True
        elif (one := _who(value, readers)) in among and one is not None and one not in found:
            found.append(one)
    if len(readers) == 2 and (both or found):
        return tuple(party.handle for party in readers)
    return tuple(found)


def find(text: str, moment: Moment) -> Iterator[Found]:
    """Yield the promises, requests, thanks and introductions in the own words of a mail's writer, in their order.

    text is what `bodies.text_of` returns. Mail by lists and machines, to more than 8 readers, or with the marks of
    a mass mailing yields nothing. The rules were tuned on the training half of Parakweet's e-mail intents alone.
    """
    by = writer(moment)
    if by is None or moment.signs != Sign.NONE:
        return
    readers = _readers(moment, by)
    if len(readers) > FEW:
        return
    seen: set[tuple[str, str]] = set()
    asked = False
    for sentence in sentences(text):
        if not 8 <= len(sentence) <= _SENTENCE:
            continue
        asked = asked or sentence.endswith("?")
        low = sentence.lower()
        kinds = [kind for kind, hints in _HINTS.items() if any(hint in low for hint in hints)]
        if not kinds or sentence.isupper() or _LEGAL.search(sentence):
            continue
        for kind in kinds:
            people: tuple[Handle, ...] = ()
            if kind == "promise":
                told = _promises(sentence)
                people = _named(sentence, readers) if told else ()
            elif kind == "request":
                told = _asks(sentence)
                asked = asked or told
                people = _named(sentence, readers) if told else ()
            elif kind == "thanks":
                told = _matches(_GRATITUDE, sentence) is not None and not sentence.endswith("?")
                told = told and not (asked and _ADVANCE.search(sentence))
                people = _named(sentence, readers) if told else ()
            else:
                people = _introduced(sentence, readers)
                told = bool(people)
            evidence = sentence if len(sentence) <= EVIDENCE else sentence[: EVIDENCE - 1].rstrip() + "…"
            if told and (kind, evidence) not in seen:
                if not seen and _MASS.search(text):  # asked but now, since most mails tell nothing anyway
                    return
                seen.add((kind, evidence))
                yield Found(kind, moment, by, evidence, people)
                if len(seen) >= MOST:
                    return
