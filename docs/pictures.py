"""Take the pictures in the README from the app itself: ``python -m docs.pictures``."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.app import browser, server, wait_until_up

FOLDER = Path(__file__).parent / "pictures"
PICTURES: Mapping[str, str] = {  # file → page
    name: f"/{name}" for name in ("vanishing", "gates", "cliff", "translate", "heads")
}
WAIT = 60_000  # milliseconds


def main() -> None:
    """Open each page on a server of its own, wait for its first picture, and save what is on screen."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as store, server(Path(store)) as address, browser() as chromium:
        wait_until_up(address)
        for name, path in PICTURES.items():
            page = chromium.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
            page.goto(address + path)
            page.locator("[data-drawn]").first.wait_for(timeout=WAIT)
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=WAIT)
            page.wait_for_timeout(1000)  # until what was stale has faded back in
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
