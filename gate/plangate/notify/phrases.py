"""The sentences that every channel says, in the words of a message's language: none of them holds text of a plan."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .message import Message, Root
    from .texts import Texts

_COUNTED = ("create", "update", "replace", "delete", "read", "forget", "import", "move", "outputs", "drift")


def headline(message: Message) -> str:
    """`plangate: FAIL - 3 findings stop this plan`: what a push notification or a subject begins with."""
    say, roots = message.texts.say, message.roots
    if message.test:
        return say("test.headline")
    verdict = say(f"verdict.{message.verdict}")
    if len(roots) == 1:
        return say("headline.one", verdict=verdict, why=_why_one(message))
    bad = sum(root.verdict == message.verdict for root in roots)
    key = "headline.all" if message.verdict == "pass" else "headline.several"
    return say(key, verdict=verdict, bad=bad, n=len(roots), why=_why_all(message))


def because(root: Root, texts: Texts) -> str:
    """Why the verdict of a root is what it is."""
    return texts.say("and").join([texts.say(f"reason.{key}", n=number) for key, number in root.reasons])


def counts(root: Root, texts: Texts) -> list[str]:
    """`12 to create`, `3 to update`: the gate's own count, never the plan's."""
    said = [texts.say(f"count.{key}", n=root.counts[key]) for key in _COUNTED if root.counts.get(key)]
    return said or [texts.say("count.none")]


def _why_one(message: Message) -> str:
    if message.event == "recovered":
        return message.texts.say("headline.recovered")
    return because(message.roots[0], message.texts)


def _why_all(message: Message) -> str:
    texts = message.texts
    if message.event == "recovered":
        return texts.say("headline.recovered")
    said = []
    unjudged = sum(root.verdict == "error" for root in message.roots)
    stops = sum(number for root in message.roots for key, number in root.reasons if key == "stops")
    if unjudged:
        said.append(texts.say("reason.unjudgeable", n=unjudged))
    if stops:
        said.append(texts.say("reason.stopped", n=stops))
    return texts.say("and").join(said) or texts.say("reason.none")
