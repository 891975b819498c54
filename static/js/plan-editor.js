// The plan editor: everything typed is sent after a short pause and kept; what stands beside the plan follows.
// Without this script each button sends the whole form and the page comes back with the answer.
(function () {
  "use strict";

  const form = document.querySelector("[data-plan-editor]");
  if (!form || !window.fetch || !window.DOMParser) return;
  const PAUSE = 350;
  const state = document.getElementById("plan-state");
  let timer = null;
  let running = null;
  let unsent = false;

  const byId = (root, id) => root.querySelector(`[id="${id}"]`);

  /** Puts the answer's part where the same part stands now. */
  function replace(answer, id) {
    const now = byId(document, id);
    const then = byId(answer, id);
    if (now && then) now.replaceChildren(...then.childNodes);
  }

  /** Redraws a part and leaves open what was open. */
  function redraw(answer, id) {
    const open = [...document.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
    replace(answer, id);
    open.forEach(([name, isOpen]) => {
      const details = byId(document, name);
      if (details) details.open = isOpen;
    });
  }

  /** Only what was found at each row; the fields stay as they are under the writer's hands. */
  function refreshFindings(answer) {
    const found = new Map([...answer.querySelectorAll("[data-slot]")].map((each) => [each.dataset.slot, each]));
    document.querySelectorAll("[data-slot]").forEach((slot) => {
      const now = found.get(slot.dataset.slot);
      slot.replaceChildren(...(now ? now.childNodes : []));
    });
  }

  function show(answer, what) {
    replace(answer, "plan-refusals");
    if (what === "rows") {
      redraw(answer, "plan-bar");
      redraw(answer, "plan-rows");
      redraw(answer, "plan-beside");
      look(byId(answer, "plan-rows"));
      return;
    }
    const now = byId(document, "plan-state");
    const then = byId(answer, "plan-state");
    if (now && then) now.textContent = then.textContent;
    document.querySelectorAll("#plan-bar button[value=undo]").forEach((button) => {
      button.disabled = Boolean(byId(answer, "plan-bar").querySelector("button[value=undo]").disabled);
    });
    refreshFindings(answer);
    if (what === "sample" && byId(document, "plan-results") && byId(answer, "plan-results")) {
      redraw(answer, "plan-results");
      replace(answer, "plan-check");
    } else {
      redraw(answer, "plan-beside");
    }
  }

  /** After a row was added or moved, it is where the writer looks. */
  function look(rows) {
    const focus = rows && rows.dataset.focus;
    if (!focus) return;
    const id = `at-${focus.replaceAll("[", "-").replaceAll("]", "").replaceAll(".", "-")}`;
    const row = byId(document, id);
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    const first = row.querySelector("input:not([type=hidden]), select");
    if (first) first.focus({ preventScroll: true });
  }

  async function send(what, extra) {
    clearTimeout(timer);
    if (running) running.abort();
    const request = new AbortController();
    running = request;
    const data = new FormData(form);
    Object.entries(extra || {}).forEach(([name, value]) => data.append(name, value));
    form.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, signal: request.signal });
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!byId(answer, "plan-rows")) {
        window.location.assign(response.url); // signed out, or the sheet is gone
        return;
      }
      unsent = false;
      show(answer, what);
    } catch (error) {
      if (error.name === "AbortError") return;
      unsent = true;
      state.textContent = form.dataset.failed;
      timer = setTimeout(() => send("typed"), 5000);
    } finally {
      if (running === request) {
        running = null;
        form.removeAttribute("aria-busy");
      }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-shape]")) return;
    unsent = true;
    clearTimeout(timer);
    const what = event.target.matches("input[data-sample]") && event.target.type !== "month" ? "sample" : "typed";
    timer = setTimeout(() => send(what), PAUSE);
  });

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-shape]")) send("rows", { shape: "1" });
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.hasAttribute("data-plain")) {
      clearTimeout(timer);
      unsent = false;
      return;
    }
    event.preventDefault();
    const extra = button && button.name ? { [button.name]: button.value } : {};
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
    });
    send("rows", extra);
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input, textarea")) return; // the browser's own undo of letters
    event.preventDefault();
    send("rows", { op: event.shiftKey ? "redo" : "undo" });
  });

  window.addEventListener("online", () => unsent && send("typed"));
  window.addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });
})();
