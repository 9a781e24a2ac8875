"""A browser driven by its own protocol: slowed down, with every byte counted, those that its workers ask for included.

Playwright slows down and counts the page alone; half of what a map fetches is asked for by the map's workers.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

from tests.browser.flags import FLAGS

Json = dict[str, Any]
PATIENCE_S = 120
_EVENTS = {"Network.dataReceived", "Network.loadingFinished", "Network.requestWillBeSent", "Network.responseReceived"}


@dataclass(frozen=True)
class Device:
    """What is emulated: a screen in CSS pixels, a processor so many times slower, a network (-1: as it is)."""

    width: int
    height: int
    phone: bool = False
    slower: int = 1
    latency_ms: int = 0
    down_bytes_s: float = -1

    @property
    def screen(self) -> Json:
        ratio = 2 if self.phone else 1
        return {"width": self.width, "height": self.height, "deviceScaleFactor": ratio, "mobile": self.phone}

    @property
    def network(self) -> Json:
        throughput = {"downloadThroughput": self.down_bytes_s, "uploadThroughput": self.down_bytes_s}
        return {"offline": False, "latency": self.latency_ms, **throughput}


PHONE = Device(390, 844, phone=True, slower=4, latency_ms=300, down_bytes_s=1.6e6 / 8)
DESKTOP = Device(1440, 900)


@dataclass
class Transfer:
    """One request: `sent` bytes over the wire so far, headers included once it is `finished`."""

    address: str
    sent: float = 0
    finished: bool = False
    from_cache: bool = False


@dataclass
class Browser:
    """One browser with one page in a profile of its own; `transfers` has every request of the page and its workers."""

    device: Device
    process: subprocess.Popen[bytes]
    to_browser: int
    transfers: dict[str, Transfer] = field(default_factory=dict)
    _answers: dict[int, Json] = field(default_factory=dict)
    _number: int = 0
    _changed: Condition = field(default_factory=Condition)
    _page: str = ""

    def begin(self, script: str) -> None:
        """Open an empty page; the script runs before those of every document."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._page = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._watch(self._page)
        self.ask("Page.enable")
        self.ask("Emulation.setDeviceMetricsOverride", **self.device.screen)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=self.device.phone)
        self.ask("Emulation.setCPUThrottlingRate", rate=self.device.slower)
        self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, address: str) -> None:
        """Go there from an empty page; what was transferred before is forgotten."""
        self.ask("Page.navigate", url="about:blank")
        time.sleep(0.3)
        self.transfers.clear()
        self.ask("Page.navigate", url=address)

    def ask(self, method: str, **parameters: Any) -> Json:
        """The page's answer to a command. Raises RuntimeError where it has none."""
        return self._ask(method, session=self._page, **parameters)

    def value(self, expression: str) -> Any:
        """What the expression is on the page, a promise awaited."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.ask("Runtime.evaluate", **asked)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, found: Callable[[], bool]) -> None:
        """Waits. Raises TimeoutError after PATIENCE_S."""
        limit = time.monotonic() + PATIENCE_S
        while not found():
            if time.monotonic() > limit:
                raise TimeoutError("the page never got there")
            time.sleep(0.02)

    @property
    def sent(self) -> int:
        """Bytes that came over the wire since the page was opened."""
        return round(sum(transfer.sent for transfer in self.transfers.values()))

    def listen(self, from_browser: int) -> None:
        """Take in what the browser says, for as long as it speaks."""
        rest = b""
        while piece := os.read(from_browser, 2**16):
            *messages, rest = (rest + piece).split(b"\0")
            for message in messages:
                self._hear(json.loads(message))

    def _hear(self, message: Json) -> None:
        with self._changed:
            if "id" in message:
                self._answers[message["id"]] = message
            elif message["method"] == "Target.attachedToTarget":
                self._watch(message["params"]["sessionId"])
            elif message["method"] in _EVENTS:
                self._count(message["method"], message["params"])
            self._changed.notify_all()

    def _count(self, event: str, told: Json) -> None:
        if event == "Network.requestWillBeSent":
            self.transfers[told["requestId"]] = Transfer(told["request"]["url"])
        transfer = self.transfers.get(told["requestId"])
        if transfer is None:
            return
        if event == "Network.responseReceived":
            transfer.from_cache = bool(told["response"].get("fromDiskCache"))
        if event == "Network.dataReceived":
            transfer.sent += max(0, told["encodedDataLength"])
        if event == "Network.loadingFinished":
            transfer.sent, transfer.finished = told["encodedDataLength"], True

    def _watch(self, session: str) -> None:
        """A page or worker: its network is slowed down and counted, and so are the workers that it starts."""
        attach = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        self._say("Network.enable", session)
        self._say("Network.emulateNetworkConditions", session, **self.device.network)
        self._say("Target.setAutoAttach", session, **attach)
        self._say("Runtime.runIfWaitingForDebugger", session)

    def _ask(self, method: str, *, session: str = "", **parameters: Any) -> Json:
        number = self._say(method, session, **parameters)
        with self._changed:
            self._changed.wait_for(lambda: number in self._answers, PATIENCE_S)
            answer = self._answers.pop(number, {"error": "no answer"})
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def _say(self, method: str, session: str, **parameters: Any) -> int:
        with self._changed:
            self._number += 1
            number = self._number
            message = {"id": number, "method": method, "params": parameters}
            os.write(
                self.to_browser, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
            )
        return number


@contextmanager
def browser(device: Device, *, script: str = "") -> Iterator[Browser]:
    """Debian's Chromium with a fresh profile, gone with it afterwards."""
    profile = tempfile.mkdtemp(prefix="map-profile-")
    (from_us, to_browser), (from_browser, to_us) = os.pipe(), os.pipe()
    # A plain sh knows descriptors of one digit only.
    command = ["bash", "-c", f'exec "$@" 3<&{from_us} 4>&{to_us}', "bash", str(shutil.which("chromium"))]
    # Over HTTP/2, which browsers speak with certificates alone, `--at https://…` is measured with one of one's own.
    flags = [*FLAGS, "--ignore-certificate-errors"]
    options = [*flags, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    process = subprocess.Popen([*command, *options], pass_fds=(from_us, to_us), stderr=subprocess.DEVNULL)
    os.close(from_us)
    os.close(to_us)
    found = Browser(device, process, to_browser)
    Thread(target=found.listen, args=(from_browser,), daemon=True).start()
    try:
        found.begin(script)
        yield found
    finally:
        os.close(to_browser)
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(profile, ignore_errors=True)
