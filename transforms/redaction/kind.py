"""A kind of thing that must not be stored: how it is suspected, and how it is marked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Mark = Callable[[str], str]


@dataclass(frozen=True)
class Kind:
    """`hint` matches wherever there is one (in the Rust engine, so that few texts are looked at); `mark` marks them.

    Where the turn before matches `asks`, `answer` marks what answers it.
    """

    name: str
    hint: str
    mark: Mark
    asks: str | None = None
    answer: Mark | None = None


_NUMBERED = """
order commande r[eé]f(?:[eé]rence)?s? ticket case dossier invoice facture account compte tracking colis suivi parcel contra[ct]t?
policy police serial s[eé]rie customer client imei vat tva siren siret isbn sku ean barcode code[-␣]barres? meter compteur booking
r[eé]servation confirmation devis quote article item product produit transaction payment paiement membership adh[eé]rent loyalty
fid[eé]lit[eé] job incident claim sinistre rma return retour shipment exp[eé]dition mod[eè]le? part pi[eè]ce pdl prm
gift[-␣]?card voucher coupon promo delivery livraison
"""
_BETWEEN = "number|num[eé]ro|num|id|code|no|nr|ref|is|was|est|le|la|c'est|of|de|the|it's|my|mon|ma"
_SOMETHING_ELSE = re.compile(
    rf"(?:\b(?:{'|'.join(_NUMBERED.split()).replace('␣', ' ')})|[#№])\W*(?:(?:n°|\b(?:{_BETWEEN})\b)\W*){{0,4}}$", re.IGNORECASE
)


def is_of_something_else(text: str, start: int) -> bool:
    """Whether the words before a number say that it is an order's, a parcel's or the like."""
    return _SOMETHING_ELSE.search(text[max(0, start - 60) : start]) is not None
