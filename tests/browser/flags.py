"""How Chromium is started without a display, a graphics card or a network."""

FLAGS = [
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
# The page around the map is put together without WebGL: a third of the processor's time where WebGL is software.
SPARING = [*FLAGS, "--disable-gpu-compositing"]
