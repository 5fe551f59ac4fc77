// What the page does by itself in the browser: light and dark, calm movement, and a focus that is not lost.
//
// Lists are drawn anew at every change. Elements are known by data-key: one that was there before glides from its old
// place to the new one (FLIP: first, last, invert, play), one that was not fades in, and the one that had the focus
// gets it back.
"use strict";

const betimes = (() => {
  const root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const KEPT = "betimes-theme";

  function show(theme) {
    root.dataset.theme = theme;
    root.style.colorScheme = theme;
  }

  function turn() {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    show(theme);
    localStorage.setItem(KEPT, theme);
  }

  show(localStorage.getItem(KEPT) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

  let places = new Map();
  let focused = null;

  function measured() {
    const found = new Map();
    for (const element of document.querySelectorAll("li[data-key]")) {
      const box = element.getBoundingClientRect();
      found.set(element.dataset.key, { x: box.left + scrollX, y: box.top + scrollY });
    }
    return found;
  }

  function settle() {
    const before = places;
    places = measured();
    if (before.size === 0 || calm.matches) return;
    for (const element of document.querySelectorAll("li[data-key]")) {
      const was = before.get(element.dataset.key);
      const is = places.get(element.dataset.key);
      if (was === undefined) {
        element.animate([{ opacity: 0, transform: "translateY(6px)" }, { opacity: 1, transform: "none" }], {
          duration: 260,
          easing: "ease-out",
        });
      } else if (Math.abs(was.x - is.x) + Math.abs(was.y - is.y) > 2) {
        const from = `translate(${was.x - is.x}px, ${was.y - is.y}px)`;
        element.animate([{ transform: from }, { transform: "none" }], { duration: 320, easing: "ease-in-out" });
      }
    }
  }

  function refocus() {
    if (focused === null || document.activeElement !== document.body) return;
    const element = document.querySelector(`[data-key="${CSS.escape(focused)}"]`);
    if (element === null) return;
    const target = element.matches("button, a") ? element : element.querySelector("button, a");
    target?.focus({ preventScroll: true });
  }

  addEventListener("focusin", (event) => {
    focused = event.target.closest("[data-key]")?.dataset.key ?? null;
  });

  let waiting = false;
  const watcher = new MutationObserver((changes) => {
    if (waiting || !changes.some((c) => c.addedNodes.length > 0 || c.removedNodes.length > 0)) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      settle();
      refocus();
    });
  });
  addEventListener("DOMContentLoaded", () => watcher.observe(document.body, { childList: true, subtree: true }));
  addEventListener("resize", () => {
    places = measured();
  });

  return { turn };
})();
