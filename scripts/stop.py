"""`make stop`: end whatever runs for this clone, also what a killed supervisor left behind."""

from scripts import cluster, processes
from scripts.console import say


def stop() -> None:
    """End the supervisor, which ends the rest in order; then what is left of server, worker and database."""
    ended = [name for name in ("supervisor", "server", "worker") if processes.end_remembered(name)]
    if cluster.is_running():
        cluster.stop()
        ended.append("database")
    say(f"Stopped: {', '.join(ended)}" if ended else "Nothing of this clone was running.")


if __name__ == "__main__":
    stop()
