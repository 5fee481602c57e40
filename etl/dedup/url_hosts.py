"""A host name goes in; the publication it names comes out, or the part of it that one publisher holds."""

from __future__ import annotations

from etl.dedup.url_sites import BLOG_COUNTRY, HOST_TWINS


def _labels(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Labels that name a device or a format, not a publication.
_DEVICES = _labels("m mobile mobi mobil movil mweb amp wap touch pda 3g")
# Labels under which registries sell the third one (co.uk, com.au).
_REGISTRIES = _labels(
    "co com org net gov gob gouv gub edu ac ne or go nom ltd plc me sch info web in mil asn id nsw govt"
)
# Hosts that let rooms to many publishers.
_LANDLORDS = _labels(
    "blogspot.com wordpress.com substack.com medium.com tumblr.com github.io netlify.app vercel.app "
    "pages.dev livejournal.com over-blog.com typepad.com wixsite.com weebly.com ghost.io beehiiv.com "
    "herokuapp.com"
)


def publication(host: str) -> str:
    """The host without www, phone and AMP labels, as long as a publication's name remains; twins have one name."""
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    labels = name.split(".")
    while len(labels) > 2 and _is_device(labels[0]) and not _is_registry(labels[1:]):
        labels = labels[1:]
    inner = [a for i, a in enumerate(labels) if a != "m" or i in (0, len(labels) - 1, len(labels) - 2)]
    name = BLOG_COUNTRY.sub(".blogspot.com", ".".join(inner))  # en.m.wikipedia.org
    return HOST_TWINS.get(name, name) + colon + port


def site(host: str) -> str:
    """The part of a host that one publisher holds: registrable domain by rule, so that nothing is fetched."""
    labels = host.partition(":")[0].split(".")
    keep = 3 if _is_registry(labels[-2:]) or ".".join(labels[-2:]) in _LANDLORDS else 2
    return ".".join(labels[-keep:])


def _is_device(label: str) -> bool:
    return label in _DEVICES or (label.startswith("www") and (label == "www" or label[3:].isdigit()))


def _is_registry(labels: list[str]) -> bool:
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRIES
