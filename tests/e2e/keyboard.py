"""The keyboard alone: takes a page, leaves the focus where Tab has brought it, and says whether a person sees it."""

from playwright.sync_api import Locator, Page, expect

MANY = 150  # presses of Tab after which a thing counts as out of reach
_IS_FOCUSED = "element => element === document.activeElement"
# A ring that has a width, on an element of which some point is inside the window with nothing else on top.
# A heading that a swap gives the focus to is read aloud and needs no ring: nothing can be typed into it.
_IS_SEEN = """async () => {
  await new Promise(settled => requestAnimationFrame(() => requestAnimationFrame(settled)));
  const element = document.activeElement;
  if (!element || element === document.body) return "nothing has the focus";
  const name = `${element.tagName} ${element.id || element.textContent.trim().slice(0, 40)}`;
  const style = getComputedStyle(element);
  const hasRing = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const isRinged = element.matches(":focus-visible") && hasRing;
  if (!isRinged && element.tabIndex >= 0) return `${name} has no ring`;
  const isOnTop = (x, y) => {
    const top = document.elementFromPoint(x, y);
    const labels = [...(element.labels || [])];
    return top && (element.contains(top) || top.contains(element) || labels.some(label => label.contains(top)));
  };
  const isIn = [...element.getClientRects()].some(({left, right, top, bottom}) =>
    [0.1, 0.5, 0.9].some(a => [0.1, 0.5, 0.9].some(b => isOnTop(left + a * (right - left), top + b * (bottom - top)))));
  return isIn ? "" : `${name} has the focus out of sight`;
}"""


def tab_to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Press Tab until the target has the focus, and see it there; `key` may be Shift+Tab."""
    expect(target).to_be_visible()
    for _ in range(MANY):
        page.keyboard.press(key)
        if target.evaluate(_IS_FOCUSED):
            assert_focus_is_seen(page)
            return
    raise AssertionError(f"{MANY} presses of {key} do not lead to {target}")


def follow(page: Page, target: Locator) -> None:
    """Go to a link or a button with Tab and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def assert_focus_is_seen(page: Page) -> None:
    """Fail unless what has the focus shows it, inside the window and not under anything."""
    assert page.evaluate(_IS_SEEN) == ""


def assert_focus_lands(page: Page, target: Locator) -> None:
    """Wait until a swap has put the focus there, and see it."""
    expect(target).to_be_focused()
    assert_focus_is_seen(page)
