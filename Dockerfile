# syntax=docker/dockerfile:1
# One image, three commands: web (the default), worker, migrate. Configuration: docs/configuration.md.

FROM python:3.11-slim-bookworm AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src

# What builds stays in /build; only /opt/afterword goes into the image. Every download is checked
# against its hash and none is compiled here.
COPY requirements-build.txt requirements.txt ./
RUN python -m venv /build \
    && /build/bin/pip install --require-hashes --only-binary :all: -r requirements-build.txt \
    && python -m venv --without-pip /opt/afterword \
    && /build/bin/pip --python /opt/afterword/bin/python install \
       --require-hashes --only-binary :all: -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY workers workers
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /build/bin/pip --python /opt/afterword/bin/python install --no-deps /wheels/*.whl


FROM python:3.11-slim-bookworm
# A number of its own, so that files on volumes keep their owner whatever the base image adds.
RUN groupadd --system --gid 10001 afterword \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
       --shell /usr/sbin/nologin afterword \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=builder /opt/afterword /opt/afterword
ENV PATH=/opt/afterword/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# The one place that may be written to, and only where SQLite is used.
WORKDIR /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Any answer below 500 says that it lives: where AFTERWORD_HOSTS is set, 127.0.0.1 is refused by a 400.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status >= 500)"]
ENTRYPOINT ["afterword"]
CMD ["web", "--host", "0.0.0.0"]
