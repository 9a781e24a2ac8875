"""The browser of the tests does what a page needs and nothing beside."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
OPENED_WITHIN_MS = 1_500


def test_a_window_has_no_pages_of_the_browser_s_own(browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto("data:text/html,<p>a page</p>")
        page.wait_for_timeout(OPENED_WITHIN_MS)
        found = browser.new_browser_cdp_session().send("Target.getTargets", {"filter": [{}]})["targetInfos"]
    assert "page" in {one["type"] for one in found}
    assert not [one["url"] for one in found if one["url"].startswith("chrome:")]
