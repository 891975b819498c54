// What pages do beyond links and forms. Every page works without it.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const inside = (event, selector) => (event.target.closest ? event.target.closest(selector) : null);

  // ---- Requests by htmx ----

  document.addEventListener("htmx:config:request", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token.content;
  });

  /** Shows a short message for a while; it is read out, and a tap puts it away. */
  function toast(text, tone) {
    const shown = document.createElement("div");
    shown.className = `notice notice-${tone || "info"}`;
    const words = document.createElement("span");
    words.textContent = text;
    shown.append(words);
    shown.addEventListener("click", () => shown.remove());
    byId("toasts").append(shown);
    setTimeout(() => shown.remove(), 6000);
  }

  // A response says it with the header HX-Trigger: {"toast": {"text": "…", "tone": "success"}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));

  function connection(lost) {
    const notice = byId("lost-connection");
    if (notice) notice.hidden = !lost;
  }
  document.addEventListener("htmx:error", () => connection(!navigator.onLine));
  window.addEventListener("offline", () => connection(true));
  window.addEventListener("online", () => connection(false));

  // ---- "Why?" opens over the page ----

  document.addEventListener("htmx:after:swap", (event) => {
    const link = event.detail.ctx.sourceElement;
    const sheet = byId("sheet");
    if (!link || !link.matches("[data-sheet]") || !sheet) return;
    if (!sheet.showModal || !byId("sheet-body").hasChildNodes()) {
      window.location.assign(link.href); // an old browser, or an answer that is no explanation
    } else if (!sheet.open) {
      sheet.showModal();
    }
  });

  // A tap beside an open window closes it.
  document.addEventListener("click", (event) => {
    if (event.target.matches("dialog.sheet, dialog.question")) event.target.close("no");
  });

  // ---- Forms: ask first, send once, do not lose what was typed ----

  /** Asks a question and calls back if the answer is yes. What destroys is red here, too. */
  function ask(question, label, grave, yes) {
    const dialog = byId("question");
    if (!dialog || !dialog.showModal) {
      if (window.confirm(question)) yes();
      return;
    }
    byId("question-text").textContent = question;
    const agree = byId("question-yes");
    if (label) agree.textContent = label;
    agree.className = grave ? "btn btn-danger" : "btn btn-primary";
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && yes(), { once: true });
    dialog.showModal();
  }

  /** Sends a form as if its button had been pressed, after a question about it was answered. */
  function sendAgain(form, button) {
    if (!form.isConnected) { // a part of the page that looks again by itself was drawn anew meanwhile
      form.hidden = true;
      document.body.append(form);
    }
    form.dataset.answered = "yes";
    if (form.requestSubmit) form.requestSubmit(button || undefined);
    else if (button) button.click();
    else form.submit();
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function beforeSending(event) {
    const form = event.target;
    const button = event.submitter;
    const asking = button && button.dataset.confirm ? button : form;
    if (asking.dataset.confirm && form.dataset.answered !== "yes") {
      stop(event);
      const grave = Boolean(button && button.classList.contains("btn-danger"));
      ask(asking.dataset.confirm, asking.dataset.confirmLabel, grave, () => sendAgain(form, button));
      return;
    }
    delete form.dataset.answered;
    if (form.hasAttribute("data-once") && form.dataset.sent === "yes") {
      stop(event);
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  }

  /** Makes forms ready to be sent again: htmx has its answer, or the reader came back to the page. */
  function rearm() {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  }
  document.addEventListener("submit", beforeSending, true);
  document.addEventListener("htmx:finally:request", rearm);
  window.addEventListener("pageshow", rearm);

  const typedIn = new Set();
  document.addEventListener("input", (event) => {
    const form = inside(event, "form[data-guard]");
    if (form) typedIn.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...typedIn].some((form) => form.isConnected && form.dataset.sent !== "yes");
    if (unsaved) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const form = inside(event, "form[data-autosubmit]");
    if (!form || event.target.type === "search" || event.target.type === "text") return;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  });

  // A long list of people to tick: only those whose words hold what was typed, and those ticked already.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-sift-words]")) return;
    const asked = event.target.value.toLowerCase().split(/\s+/);
    event.target.closest("[data-sift]").querySelectorAll("[data-words]").forEach((row) => {
      const fits = asked.every((word) => row.dataset.words.includes(word));
      row.classList.toggle("d-none", !fits && !row.querySelector("input").checked);
    });
  });

  const refused = document.querySelector(".form-errors");
  if (refused) refused.focus();

  // ---- Menus and rows ----

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  function openRow(event) {
    const row = inside(event, "tr[data-href]");
    if (!row || inside(event, "a, button, input, select, label, summary")) return;
    if (String(window.getSelection())) return; // somebody is copying a figure
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
    else window.location.assign(row.dataset.href);
  }
  document.addEventListener("click", (event) => {
    closeMenus(inside(event, "details.menu"));
    openRow(event);
  });

  // ---- Keys ----

  function showKeys() {
    const dialog = byId("keys");
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  function closeMenuByKey() {
    const menu = document.querySelector("details.menu[open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenuByKey();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (inside(event, "input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "?") showKeys();
  });
})();
