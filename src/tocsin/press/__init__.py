"""From a proposal to a published bulletin: people draw up, edit, sign and publish; the machine never does.

    press = Press(home)
    draft = press.propose("korea", "ana", now)          what the machine judged, as a text
    asked = press.challenge(draft.id, "ana", now)       bytes to sign, good once
    press.sign(draft.id, signature, "korea", "4", now)  each person types area and level
    press.missing(draft.id, now)                        why it can't go out yet, in named reasons
    press.publish(draft.id, now)                        refuses while anything is missing

Nothing here asks the clock: whoever calls says what time it is.
"""

from tocsin.press.docket import Issued, Kept
from tocsin.press.office import Press
from tocsin.press.website import write_site
from tocsin.publish.bulletin import Draft, Refused

__all__ = ["Draft", "Issued", "Kept", "Press", "Refused", "write_site"]
