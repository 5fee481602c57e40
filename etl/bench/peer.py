"""An interpreter that has news-please in; a bench of our way to rows against its way to its own output out.

It is no dependency of ours: it is measured only where its interpreter is named (`--news-please`). Seconds are the
processor's, its imports and first use left out; ours include everything. It asks for the pictures a page names: those
of made-up hosts are refused at once, for waiting for their names is nobody's work.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from etl.bench import archived
from etl.bench.archives import FIRST, Watch, crawl, do, pages, processor
from etl.bench.frame import REPEATS, Bench, Pair, World
from etl.warehouse.connect import connect

NAME = "news-please"
# Run by the peer's interpreter: its own reading of each answer, to its own JSON; processor seconds and articles out.
_PEER = """
import json, os, sys, time
os.environ.update(http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9")  # where nobody listens
from newsplease import NewsPlease
from warcio.archiveiterator import ArchiveIterator
NewsPlease.from_html(open(sys.argv[2]).read(), url="https://made.example/1")
begun, n = sum(os.times()[:4]), 0
with open(sys.argv[1], "rb") as stream, open(os.devnull, "w") as out:
    for record in ArchiveIterator(stream):
        head = record.http_headers
        if record.rec_type != "response" or head.get_statuscode() != "200":
            continue
        if "html" not in head.get_header("Content-Type"):
            continue
        try:
            article = NewsPlease.from_warc(record)
        except Exception:
            continue
        if article is not None and article.maintext:
            json.dump(article.get_serializable_dict(), out)
            n += 1
print(json.dumps([sum(os.times()[:4]) - begun, n]))
"""


def peer(python: Path) -> Bench:
    """The bench against news-please, as installed for this interpreter."""
    watch = Watch()

    @contextmanager
    def prepare(world: World) -> Iterator[Pair]:
        with crawl(world, [pages(world)]) as (folder, fresh), ExitStack() as stack:
            warehouses = [stack.enter_context(fresh()) for _ in range(REPEATS)]
            sizes = {"pages": pages(world)}

            def theirs(_: int) -> None:
                seconds, sizes["peer_articles"] = _theirs(python, folder)
                watch.spend(seconds)

            def ours(n: int) -> None:
                begun = processor()
                do(warehouses[n], days=1)
                watch.spend(processor() - begun)
                with connect(warehouses[n].database_url or "") as db:
                    sizes["articles"] = int(db.value("bench_articles"))

            yield Pair(ours, theirs, sizes)

    return Bench("news-please", "a crawl to rows, all stages", "news-please to its own JSON", prepare, watch)


def _theirs(python: Path, folder: Path) -> tuple[float, int]:
    """Its processor seconds, imports left out, and its articles."""
    with TemporaryDirectory() as aside:
        sample, script = Path(aside) / "sample.html", Path(aside) / "peer.py"
        sample.write_bytes(archived.page(1, FIRST))
        script.write_text(_PEER, encoding="utf8")
        told = subprocess.run(
            [python, script, next(folder.glob("*.warc.gz")), sample], capture_output=True, text=True, check=True
        ).stdout
    seconds, articles = json.loads(told.splitlines()[-1])
    return float(seconds), int(articles)
