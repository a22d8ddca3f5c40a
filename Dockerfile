# One image for every process: the command is a tagtrail subcommand (api, producer, worker, status-writer, registry, ...).

FROM node:24-slim AS build
WORKDIR /src
# The lockfile alone decides what is fetched, so this layer outlives every change of the sources.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
RUN npx --yes pnpm@12.21.0 fetch
COPY . .
RUN npx --yes pnpm@12.21.0 install --offline --frozen-lockfile \
  && node deploy/bundle/main.ts

FROM node:24-slim
ENV NODE_ENV=production
COPY --from=build /src/dist/ /app/
COPY LICENSE /app/
# For the copies of the registry: a new volume takes over the owner of the folder that it is mounted on.
RUN install -d -o node -g node -m 0700 /var/lib/tagtrail/registry
# The image's own unprivileged user; nothing below /app is writable for it.
USER node
WORKDIR /app
EXPOSE 5420 8420 9440
ENTRYPOINT ["node", "/app/tagtrail.js"]
CMD ["--help"]
