# What versity/versitygw is for the compose files: the server, which takes its arguments.
FROM scratch
COPY versitygw /usr/local/bin/versitygw
ENTRYPOINT ["/usr/local/bin/versitygw"]
