"""How many processes and threads answer: for the settings, which depend on it, and for whoever starts the server."""

WORKERS = 2
THREADS_PER_WORKER = 4
