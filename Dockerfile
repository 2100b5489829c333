# One image for web, worker, listener for the post and migrations. It keeps nothing: everything of an installation lies in JPA_HOME (a volume), Neo4j and PostgreSQL.

FROM node:20.19.4-bookworm-slim AS front
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY scripts/build-frontend.mjs scripts/
COPY jpa/web/assets jpa/web/assets
RUN npm run build

FROM python:3.11.13-slim-bookworm AS packages
RUN apt-get update && apt-get install -y --no-install-recommends g++ libicu-dev pkg-config && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11.13-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends \
       libicu72 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /var/lib/jpa --shell /usr/sbin/nologin jpa \
    && install -d -o jpa -g jpa -m 0700 /var/lib/jpa
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/jpa
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY jpa jpa
COPY --from=front /src/jpa/web/static jpa/web/static
# Editable, because the migrations lie beside the package (jpa/config.py: PROJECT).
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --editable .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    JPA_HOME=/var/lib/jpa JPA_HOST=0.0.0.0 JPA_PORT=8000
USER 10001:10001
VOLUME /var/lib/jpa
EXPOSE 8000 8443
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["jpa", "serve"]
