# syntax=docker/dockerfile:1
# Two stages: the first makes the virtual environment, the second holds what runs. Same lists as ./install.
FROM debian:12-slim AS build
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN python3 -m venv /app/.venv \
    && /app/.venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md ./
COPY scanstraat scanstraat
RUN /app/.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index .

FROM debian:12-slim
COPY system-packages.txt /tmp/
RUN apt-get update -qq \
    && grep -hvE '^(#|$)' /tmp/system-packages.txt | xargs apt-get install -y -qq --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /tmp/system-packages.txt \
    && useradd --system --uid 10001 --home-dir /data --create-home scanstraat
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SCANSTRAAT_HOME=/data \
    SCANSTRAAT_SMTP_LISTEN=0.0.0.0:8025 \
    SCANSTRAAT_DESK_LISTEN=0.0.0.0:8080
USER scanstraat
VOLUME /data
EXPOSE 8025 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["scanstraat"]
CMD ["run"]
