"""The local control socket: messages, client, server."""
