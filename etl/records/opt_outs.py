"""What a publisher has said about machines that read for training or mining, as read; nothing is concluded from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOuts:
    """Reservations found for one source."""

    disallowed_agents: tuple[str, ...] = ()  # known AI crawlers that robots.txt or ai.txt turns away, in order
    is_tdm_reserved: bool | None = None  # text and data mining: reserved, expressly not, or unknown
    tdm_policy_url: str | None = None  # where the terms of mining stand
    directives: tuple[str, ...] = ()  # of X-Robots-Tag and robots meta: noai, noimageai, noarchive, ...
    said_in: tuple[str, ...] = ()  # where each was said, in words, in order
    read: tuple[str, ...] = ()  # places that were looked at, whether or not they said anything

    @property
    def is_opted_out(self) -> bool:
        """Whether training or mining was refused or reserved anywhere; `noarchive` and the like are no such word."""
        no_training = {"noai", "noimageai", "noml"} & set(self.directives)
        return bool(self.disallowed_agents or self.is_tdm_reserved or no_training)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column; whether it comes to a refusal among them, so that SQL may ask for that."""
        plain = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}
        return plain | {"is_opted_out": self.is_opted_out}
