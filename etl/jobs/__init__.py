"""One function a stage: read what waits → a pure call → write kept and rejected in one transaction → Counts."""

from etl.jobs.check import check
from etl.jobs.deduplicate import deduplicate
from etl.jobs.extract import extract
from etl.jobs.fetch import batches_due, fetch, queue_archives, queue_feeds
from etl.jobs.geotag import geotag
from etl.jobs.job import Job, begin, resume
from etl.jobs.prepare import prepare
from etl.jobs.window import window

__all__ = [
    "Job",
    "batches_due",
    "begin",
    "check",
    "deduplicate",
    "extract",
    "fetch",
    "geotag",
    "prepare",
    "queue_archives",
    "queue_feeds",
    "resume",
    "window",
]
