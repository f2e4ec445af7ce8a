# One image with API and console; `--target agent` makes that of the node agent. Not run yet; see "Containers" in
# README.md.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN node scripts/command.mjs build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf apps/console/.next/cache .turbo

# The node agent. Debian's slim image has the nsenter that restarts need. `npm run agent:image` assembles the same
# without a builder, from nothing but Node and the libraries that it needs.
FROM node:24-bookworm-slim AS agent
RUN ln -s /usr/local/bin/node /node
COPY --from=build /app/apps/agent/dist/agent.mjs /app/apps/agent/dist/alive.mjs /
USER root
ENTRYPOINT ["/node", "--max-old-space-size=96", "/agent.mjs"]

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    MOORAGE_DATA_DIR=/data
# 1000 is the image's own user `node`; a volume mounted at /data must belong to it.
RUN install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "apps/api/dist/main.js"]
