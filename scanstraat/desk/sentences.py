"""The sentences that the line writes down for people, marked for translation. They are kept in English with what they tell of;
`spoken` finds the sentence again and says it in the reader's language.

`{field}` stands for one of `FIELD_WORDS`, `{said}` and `{also}` for another of these sentences, any other name for a value that
is left as it is. The first sentence that fits counts, so the wider ones stand last.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from scanstraat.desk.sentences_mail import EVENTS, LETTER_STATES, PART_REASONS
from scanstraat.desk.sentences_typed import CHECKED, KEPT, NOT_DONE, TYPED

# The fields as the line names them within a sentence.
FIELD_WORDS = (
    _("IBAN"),
    _("BIC"),
    _("VAT number"),
    _("account"),
    _("supplier name"),
    _("invoice number"),
    _("invoice date"),
    _("due date"),
    _("total"),
    _("net total"),
    _("vat total"),
    _("currency"),
    _("payment term"),
    _("payment reference"),
    _("purchase order"),
    _("register number"),
    _("is credit note"),
    _("preceding invoice"),
    _("name"),
)

KIND_WORDS = (
    _("invoice"),
    _("credit-note"),
    _("e-invoice"),
    _("reminder"),
    _("payment-request"),
    _("statement"),
    _("order-confirmation"),
    _("delivery-note"),
    _("quote"),
    _("pro-forma"),
    _("receipt"),
    _("annex"),
    _("advertising"),
    _("other"),
    _("unreadable"),
)

# What is done with a document, and the roles of persons and how far they reach.
ACTION_WORDS = (_("deliver"), _("review"), _("archive"), _("discard"), _("reject"))
ROLE_WORDS = (_("operator"), _("lead"), _("office-main-user"), _("office-user"), _("administration-user"), _("auditor"))
REACH_WORDS = (_("everywhere"), _("office"), _("administration"))

# Why a document goes where it goes: pipeline.routing.
REASONS = (
    _("it is an invoice"),
    _("it is not an invoice"),
    _("it is a reminder, not an invoice"),
    _("it asks for payment but is not an invoice"),
    _("it is an annex, and its invoice is not known"),
    _("it is advertising"),
    _("nothing on it can be read"),
    _("the mail says so: {phrase}"),
    _("it looks like {kind}, but only {percent} sure"),
    _("it looks like {kind}, but its fields say a credit note"),
    _("it looks like {kind}, but its fields say no credit note"),
    _("the total {value} is below zero, but it is no credit note"),
    _("no {field} was found"),
    _("nothing real on it tells who the supplier is"),
    _("account {number} is new for {supplier}, known with no account"),
    _("account {number} is new for {supplier}, known with {accounts}"),
    _("it seems to be the same invoice as {document}"),
    _("the supplier is new in the register"),
    _("{field} {value} was filled"),
    _("{field} {value} is only {percent} sure"),
)

# What persons did at the desk: pipeline.routing and pipeline.review.
DONE = (
    _("{person} has looked: {said}"),
    _("{person} sent it to the archive"),
    _("{person} discarded it"),
    _("{person} brought it back"),
    _("{person} says it is {kind}"),
    _("{person} has cut it anew"),
    _("the workflow refused it: {why}"),
)

# Why a value is doubtful: extractors, supplier_registry, pipeline.fallbacks.
DOUBTS = (
    _("net {net} and VAT {vat} do not add up to {total}"),
    _("the payment code asks for {value}, which is not printed"),
    _("the payment code asks for {value}"),
    _("the payment code names {value}, the page {printed}"),
    _("the payment code names {value}"),
    _("the payment code says {value}, print says {printed}"),
    _("the due date {due} would precede the invoice date {issued}"),
    _("read twice, the second time otherwise: {value} or {others}"),
    _("the check digits of {value} do not hold"),
    _("the check digit of {value} does not hold"),
    _("{value} does not have the form of a BIC"),
    _("{value} does not have the form of a VAT number"),
    _("the total is negative but nothing calls this a credit note"),
    _("nothing tendered on the roll proves this total"),
    _("the head of a till's roll may name the shop, the chain or the company"),
    _("the payment term {term} gives no due date"),
    _("the account {printed} is no valid IBAN"),
    _("the account {number} is on {supplier} and on {others}"),
    _("it fits {supplier}, but the VAT number {number} is that of {other}"),
    _("it fits {supplier}, but the name {name} is that of {other}"),
    _("the name is that of {supplier}, whose VAT number is {known}, not {read}"),
    _("{supplier} fits no better than {others}"),
)

# Who the supplier is: supplier_registry.matching.
MATCHES = (
    _("{rule}: {field} {value}, in the register none: not the same"),
    _("{rule}: {field} {value}, in the register {known}: the same"),
    _("{rule}: {field} {value}, in the register {known}: not the same"),
    _("{rule}: {field} {value}, in the register {known}: {percent} alike"),
    _("{rule}: {field} {value} is not in the register"),
    _("E2: nothing on the document tells who sent it"),
)

# Where a document begins and ends: pipeline.cutting, splitting and boundaries.
CUTS = (
    _("page {page}: nothing tells what it is, but a total stands on it"),
    _("page {page}: nothing tells what it is, but it begins with a sum carried over"),
    _("page {page}: it begins a document, since {said}, though {also}"),
    _("page {page}: it begins a document, though {said}"),
    _("page {page}: it goes on with the page before, since {said}, though {also}"),
    _("page {page}: it goes on with the page before, though {said}"),
    _("it begins with printed page {page}"),
    _("it does not begin like a document, and may go on with one before it"),
    _("all its pages are blank"),
    _("it is an annex, and no invoice stands before it"),
    _("{file} names {count} invoices"),
)
# The words of the signs, once more for the tool that gathers what is to be translated.
SIGNS = (
    _("it is printed page 1"),
    _("it is printed page 1 of what may be an annex"),
    _("it is printed page 1, which the document before lacks"),
    _("its page number follows"),
    _("its page number follows, of the same count"),
    _("its page number is of the same count, in another order"),
    _("its page number is not the next"),
    _("it has no page number, the page before has"),
    _("all pages before are there"),
    _("pages of the one before are still to come"),
    _("it bears the same document number"),
    _("it bears another document number"),
    _("it bears a number of its own, as annexes do"),
    _("it names the number of the document before"),
    _("VAT number, account or web address are the same"),
    _("VAT number or account are others"),
    _("its web address is another"),
    _("head and foot are like those before"),
    _("head and foot are unlike those before"),
    _("it has no head and foot, the page before has"),
    _("it opens as a letter does"),
    _("it has neither heading, addressee, date nor number"),
    _("it has all that a first page has"),
    _("a heading names a document"),
    _("a heading names an annex"),
    _("an addressee stands on it"),
    _("an addressee stands on what may be an annex"),
    _("it bears the same date"),
    _("it bears another date"),
    _("it bears a date, the one before does not"),
    _("a sum is carried over to it"),
    _("the document before has its total"),
    _("the document before has no total yet"),
    _("it is of the same kind"),
    _("it is of another kind that stands by itself"),
    _("nothing tells what it is"),
    _("it is of a kind that goes with an invoice"),
    _("it is advertising"),
    _("the letter before it names its number"),
    _("a letter of the same sender stands before it"),
    _("a blank page stands before it"),
    _("its paper is of another size"),
)

# Why a file could not be read: mailbox, reading, bounded (B9).
PROBLEMS = (
    _("the file is empty."),
    _("the file is protected with a password; ask the sender for one without."),
    _("the file is packed in a way that cannot be read; ask the sender for it by itself."),
    _("the file is broken within its ZIP; ask the sender for another copy."),
    _("the file is broken: it cannot be unpacked."),
    _("this is an electronic invoice without a picture beside it; it cannot be read by itself yet."),
    _("this is a program, which is never opened; ask the sender what it is for."),
    _("a file of this kind cannot be read yet; look at it, or ask the sender for a PDF."),
    _("it cannot be told what kind of file this is; look at it, or ask the sender for a PDF."),
    _("the mail only names this file, which lies elsewhere; ask the sender for it."),
    _("the mail took too long to open."),
    _("the PDF is broken and cannot be opened."),
    _("the PDF is broken: programs do not agree how many pages it has."),
    _("the PDF is broken: {why}."),
    _("the PDF has no pages."),
    _("the PDF has {pages} pages; at most {most} are read."),
    _("the PDF can only be opened with a password."),
    _("the PDF asks for a password."),
    _("the PDF is a form whose pages only Adobe's programs can make (dynamic XFA)."),
    _("the picture is broken: {why}."),
    _("the file holds more than {most} pictures."),
    _("the ZIP is broken: {why}."),
    _("there is no file in the ZIP."),
    _("the document cannot be opened by LibreOffice."),
    _("ClamAV found {name} in it."),
    _("this content was not read within {seconds} seconds."),
    _("this content needs over {size} MB of memory."),
    _("Ask the sender for another copy."),
    _("Ask the sender for one without."),
    _("Ask the sender for a PDF."),
    _("Ask the sender for a smaller picture or a PDF."),
    _("Ask the sender for the files one by one."),
    _("Ask the sender for the files."),
    _("Do not open it; ask the sender what it is."),
    _("Look at it by hand."),
    _("Look at the file; it may be broken."),
    _("Send it in pieces."),
)

# What keys may do and webhooks are told of: model.key, model.hook.
PROGRAMS = (
    _("send mails and files, and see what became of a mail"),
    _("see mails, documents and suppliers, and fetch their files"),
    _("correct documents, and accept those that nothing stands in the way of"),
    _("see, change and import suppliers"),
    _("see drops, acknowledge or refuse them, and ask for them again"),
    _("see, add and end webhooks"),
    _("a mail was stored, whichever way it came in"),
    _("a mail could not be processed and was laid aside for a person"),
    _("an invoice lies in the drop folder, PDF and XML"),
    _("a document waits for a person"),
    _("a document that is no invoice was archived"),
    _("a person rejected a document, and said why"),
    _("a document was discarded as advertising"),
)

# Why something is not done to a person: records.people, authority, kept, passwords, staff.
PERSONS = (
    _("there is a user {name} already."),
    _("{role} cannot be held for {reach}."),
    _("{role} needs the date from which confidentiality was agreed (I3)."),
    _("a person has one role in an office, and one in an administration."),
    _("a person has at least one role."),
    _("this role is not yours to give or take: {roles}."),
    _("{name} also has roles that you do not decide over."),
    _("{name} would be left without a main user."),
    _("{name} is the only lead of the service."),
    _("nobody gives up his own last role as a lead."),
    _("nobody ends himself."),
    _("your own password and second factor are not changed here."),
    _("a name to sign in with has letters, digits and @ . + - _ only."),
    _("a name has at most {most} characters."),
    _("a full name has at most {most} characters."),
    _("{address} is no mail address."),
    _("the date of confidentiality is kept by the service."),
    _("Choose another role, or another place."),
    _("Give the date on which it was signed."),
    _("Choose one of them."),
    _("Choose one, or end the person."),
    _("Ask a lead."),
    _("Take away his roles in your office, or ask a lead."),
    _("Make another person main user of it first."),
    _("Make another person lead everywhere first."),
    _("Have another lead do it."),
    _("Have another person do it."),
    _("Change them on the page of your own account."),
    _("Choose a shorter one."),
    _("Choose another name."),
    _("Choose a longer one, such as four words."),
    _("Correct it, or leave it empty."),
)

_OF_DOCUMENTS = (*SIGNS, *REASONS, *DONE, *DOUBTS, *MATCHES, *CUTS, *TYPED, *CHECKED, *NOT_DONE)
_OF_MAILS = (*PROBLEMS, *EVENTS, *LETTER_STATES, *PART_REASONS)
SENTENCES: tuple[str, ...] = (*_OF_DOCUMENTS, *_OF_MAILS, *PROGRAMS, *PERSONS, *KEPT)
# Two sentences in one: a field and what is wrong with it.
JOINED = _("{field} {value}: {said}")
