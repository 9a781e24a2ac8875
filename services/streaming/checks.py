"""What this system cannot do for downloads, told by `manage.py check`."""

from django.core.checks import CheckMessage, Warning, register

from services.streaming.peer import OWN_SOCKETS, can_be_cut


@register()
def check_downloads(**options: object) -> list[CheckMessage]:
    """A warning where a download that fails on the way cannot be broken visibly; empty elsewhere."""
    if can_be_cut():
        return []
    return [
        Warning(
            f"downloads that fail on the way may look whole: there is no {OWN_SOCKETS} to find their connections by",
            hint="serve on Linux with /proc, or let readers take gzip: a file that breaks off then lacks its end",
            id="services.W001",
        )
    ]
