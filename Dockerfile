# The hub in a container: one process, one volume, no root.

# Exact versions; `npm run pin-images` adds their digests.
FROM node:22.22.3-trixie-slim AS build
# The Node that the project brings links to it; the slim images do not have it.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build

FROM debian:trixie-20260918-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends libatomic1 libstdc++6 tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin lamppost \
  && install -d -o lamppost -g lamppost -m 0700 /data \
  && ln -s /app/cli/bin.mjs /usr/local/bin/lamppost
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/node_modules/.bin:$PATH \
    LAMPPOST_DATA=/data
# What Node makes of the sources is kept in the image: a container that may write nowhere else starts in half the time.
RUN install -d -o lamppost -g lamppost node_modules/.cache/lamppost
USER lamppost
RUN folder="$(mktemp -d)"; timeout 30 node cli/lamppost.mjs start --data "$folder/data" --http 0 --mqtt 0; rm -rf "$folder"
VOLUME /data
EXPOSE 1883 8080

# 503 while the hub is not ready; "degraded" still serves and is shown on the health page.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LAMPPOST_HTTP_PORT || 8080}/api/v1/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Node itself, without a shell or npm around it, so that it gets SIGTERM and stops without losing anything.
CMD ["node", "cli/lamppost.mjs", "start"]
