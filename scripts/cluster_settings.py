"""The private cluster's settings, sized for two cores and 24 GB and capped by the machine at hand."""

import os
from pathlib import Path

MEGABYTE = 2**20
# A unix socket's whole path must stay below 108 bytes.
SOCKET_PATH_LIMIT = 80


def configuration(*, port: int, folder: Path) -> str:
    """Text of postgresql.auto.conf for a server that listens on that port of this machine alone."""
    return "".join(f"{name} = '{value}'\n" for name, value in _settings(port, folder).items())


def _settings(port: int, folder: Path) -> dict[str, str]:
    memory = _memory_mb()
    return {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder) if len(str(folder)) < SOCKET_PATH_LIMIT else "",
        "max_connections": "60",
        "shared_buffers": f"{min(2048, memory // 6)}MB",
        "effective_cache_size": f"{min(12288, memory // 2)}MB",
        "work_mem": f"{max(8, min(64, memory // 384))}MB",
        "maintenance_work_mem": f"{min(512, memory // 16)}MB",
        "dynamic_shared_memory_type": _shared_memory(),
        # Compiling a query costs more than a tile takes; pages of an SSD are as near as their neighbours.
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "100",
        # Few, large checkpoints, for loads by COPY. fsync stays on: a power cut must not cost the registers.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_compression": "on",
        "fsync": "on",
        "log_min_duration_statement": "2s",
        "log_line_prefix": "%m [%p] %q%u@%d ",
    }


def _memory_mb() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGABYTE


def _shared_memory() -> str:
    """mmap where /dev/shm is as small as containers have it: parallel queries would fail in it."""
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size only
    except OSError:
        return "mmap"
    return "posix" if space.f_frsize * space.f_blocks >= 1024 * MEGABYTE else "mmap"
