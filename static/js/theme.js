// Light or dark before the first paint, so that no page flashes. Loaded in the head without defer.
(function () {
  "use strict";
  const root = document.documentElement;
  const night = window.matchMedia("(prefers-color-scheme: dark)");

  /** What was chosen on this device: light, dark or auto. */
  function choice() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch (refused) {
      return "auto"; // storage is off in some private windows
    }
  }

  function apply() {
    const chosen = choice();
    root.setAttribute("data-bs-theme", chosen === "auto" ? (night.matches ? "dark" : "light") : chosen);
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
    document.dispatchEvent(new CustomEvent("theme"));
  }

  function choose(event) {
    const button = event.target.closest && event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("theme", button.dataset.themeChoice);
    } catch (refused) {
      return;
    }
    apply();
  }

  root.classList.add("scripted");
  apply();
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", choose);
  if (night.addEventListener) night.addEventListener("change", apply);
})();
