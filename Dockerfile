# The image every Dateline container runs: the checkout under /opt/dateline, its lock installed under /opt/venv.
# It was written where no container engine runs, so the build itself is unproven. Its steps were run by hand under
# Python 3.12; tests/deploy checks that the lock is hashed, the files copied exist, and the commands come to be.

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/dateline
COPY requirements.lock ./
# The lock is complete and hashed, so nothing is resolved; wheels only, so nothing is compiled and no compiler is needed.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --require-hashes --no-deps --no-compile --only-binary=:all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY etl ./etl
COPY dags ./dags
COPY seeds ./seeds
COPY sql ./sql
# Editable, because the code reads sql/ and seeds/ beside it. uv brings the build backend, so nothing is downloaded.
RUN /opt/venv/bin/uv pip install --offline --no-deps --python /opt/venv/bin/python -e . \
 && /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /opt/dateline

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 dateline \
 && useradd --uid 10001 --gid 10001 --home-dir /opt/airflow --no-create-home --shell /usr/sbin/nologin dateline \
 && install -d -o 10001 -g 10001 -m 0700 /opt/airflow /opt/airflow/logs /var/lib/dateline
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/dateline/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=false \
    DATELINE_HOME=/var/lib/dateline
WORKDIR /opt/dateline
USER 10001:10001
CMD ["dateline", "--help"]
