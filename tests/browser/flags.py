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
# Chromium takes the last list of these alone: what Playwright leaves out of a page stands here once more.
LEFT_OUT = [
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    # Two pages behind the address bar of each window, which nobody sees here: half of what an empty window costs.
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
]
# The page around the map is put together without WebGL: a third of the processor's time where WebGL is software.
SPARING = [*FLAGS, "--disable-gpu-compositing", f"--disable-features={','.join(LEFT_OUT)}"]
