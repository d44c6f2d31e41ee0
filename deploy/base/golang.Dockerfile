# What golang:VERSION-bookworm is for deploy/Dockerfile: Debian, git and this machine's Go,
# with the modules of go.sum. scripts/base-images.sh lays the context.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/*
COPY go /usr/local/go
COPY modules /usr/local/share/go-modules
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOPATH=/go GOTOOLCHAIN=local GOPROXY=file:///usr/local/share/go-modules
WORKDIR /go
