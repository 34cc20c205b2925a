# The program alone, for a container that may not write, has no shell user and runs as nobody in particular.
#
#   docker build -t redress .
#   docker run --rm --read-only --tmpfs /tmp redress --help

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# Downloads and compiled dependencies stay in the builder's cache; the program is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package redress \
    && install -D target/release/redress /out/redress

FROM debian:bookworm-slim
# Certificates, to check the relay's when letters go out.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 redress \
    && useradd --system --uid 10001 --gid redress --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin redress \
    && install --directory --owner redress --group redress --mode 0700 /var/lib/redress
COPY --from=build /out/redress /usr/local/bin/redress
USER redress
# Where an embedded database, its keys and backups lie; everything else is read only.
WORKDIR /var/lib/redress
VOLUME /var/lib/redress
EXPOSE 8080
ENTRYPOINT ["redress"]
CMD ["--help"]
