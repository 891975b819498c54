// The plan editor: everything typed is sent after a short pause and kept; what stands beside the plan follows.
// Without this script each button sends the whole form and the page comes back with the answer.
(function () {
  "use strict";

  const form = document.querySelector("[data-plan-editor]");
  if (!form || !window.fetch || !window.DOMParser) return;
  const PAUSE = 350;
  const AGAIN = 5000;
  const OPEN = `plan-open:${form.action}`;
  const UNSENT = `plan-unsent:${form.action}`;
  const PARTS = ["plan-bar", "plan-others", "plan-contents", "plan-rows", "plan-beside"];
  let timer = null;
  let running = null;
  let unsent = false;

  const byId = (root, id) => root.querySelector(`[id="${id}"]`);
  const slug = (path) => path.replaceAll("[", "-").replaceAll("]", "").replaceAll(".", "-");

  function say(words) {
    byId(document, "plan-state").textContent = words;
  }

  /** Puts the answer's part where the same part stands now. */
  function replace(answer, id) {
    const now = byId(document, id);
    const then = byId(answer, id);
    if (now && then) now.replaceChildren(...then.childNodes);
  }

  /** Redraws a part and leaves open what was open; what has become wrong meanwhile is opened. */
  function redraw(answer, id) {
    const before = new Map([...document.querySelectorAll("details[id]")].map((each) => [each.id, each]));
    const then = byId(answer, id);
    if (!then) return;
    then.querySelectorAll("details[id]").forEach((each) => {
      const was = before.get(each.id);
      const newly = each.hasAttribute("data-wanted") && !(was && was.hasAttribute("data-wanted"));
      if (was && !newly) each.open = was.open;
    });
    if (then.dataset.focus) reveal(byId(then, `at-${slug(then.dataset.focus)}`));
    byId(document, id).dataset.focus = then.dataset.focus || "";
    replace(answer, id);
  }

  /** Whether somebody is typing there, so that it must stay as it is under his hands. */
  function isTypedIn(id) {
    const active = document.activeElement;
    return Boolean(active && active.matches("input, textarea") && byId(document, id) && byId(document, id).contains(active));
  }

  /** Only what is said of each row; the fields stay as they are. */
  function refresh(answer) {
    const live = new Map([...answer.querySelectorAll("[data-live]")].map((each) => [each.dataset.live, each]));
    document.querySelectorAll("[data-live]").forEach((each) => {
      const now = live.get(each.dataset.live);
      each.replaceChildren(...(now ? now.cloneNode(true).childNodes : []));
    });
    byId(document, "plan-state").textContent = byId(answer, "plan-state").textContent;
    document.querySelectorAll("#plan-bar button[value=undo], #plan-bar button[value=redo]").forEach((button) => {
      button.disabled = answer.querySelector(`#plan-bar button[value=${button.value}]`).disabled;
    });
    replace(answer, "plan-others");
  }

  function show(answer, what) {
    replace(answer, "plan-refusals");
    if (what === "rows") {
      PARTS.forEach((part) => redraw(answer, part));
      look();
      return;
    }
    refresh(answer);
    if (!isTypedIn("plan-beside")) redraw(answer, "plan-beside");
    else if (byId(document, "plan-results")) redraw(answer, "plan-results");
  }

  /** After a row was added or moved, it is where the writer looks. */
  function look() {
    const refused = document.querySelector("#plan-refusals [role=alert]");
    const focus = byId(document, "plan-rows").dataset.focus;
    const row = focus ? byId(document, `at-${slug(focus)}`) : null;
    const first = refused || (row && row.querySelector("summary, input:not([type=hidden]), select"));
    if (!first) return;
    first.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  }

  // ---- sending ----

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
      if (response.status >= 500 || response.status === 429) throw new TypeError("not answered");
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      if (byId(answer, "plan-rows")) taken(answer, response.status === 409 ? "rows" : what);
      else await notTaken(response);
    } catch (error) {
      if (error.name !== "AbortError") later(form.dataset.failed);
    } finally {
      if (running === request) {
        running = null;
        form.removeAttribute("aria-busy");
      }
    }
  }

  function taken(answer, what) {
    unsent = false;
    window.localStorage.removeItem(UNSENT);
    form.querySelector("input[name=seen]").value = answer.querySelector("input[name=seen]").value;
    show(answer, what);
  }

  /** Nothing typed is thrown away: it is kept on this device, and sent again. */
  function later(words) {
    unsent = true;
    say(words);
    const typed = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    window.localStorage.setItem(UNSENT, JSON.stringify(typed));
    timer = setTimeout(again, AGAIN);
  }

  async function notTaken(response) {
    if (response.status === 404) {
      unsent = false;
      window.localStorage.removeItem(UNSENT);
      say(form.dataset.gone);
    } else later(form.dataset.signedOut);
  }

  /** Whoever signed in again has another token. */
  async function again() {
    try {
      const page = await fetch(form.action, { headers: { Accept: "text/html" } });
      const answer = new DOMParser().parseFromString(await page.text(), "text/html");
      const token = byId(answer, "plan-rows") && answer.querySelector("form[data-plan-editor] input[name=csrf_token]");
      if (token) form.querySelector("input[name=csrf_token]").value = token.value;
    } catch {
      later(form.dataset.failed);
      return;
    }
    send("typed");
  }

  /** What was typed before the page was closed without a connection. */
  async function sendWhatIsLeft() {
    const kept = window.localStorage.getItem(UNSENT);
    if (!kept) return;
    const data = new FormData();
    JSON.parse(kept).forEach(([name, value]) => data.append(name, value));
    data.append("csrf_token", form.querySelector("input[name=csrf_token]").value);
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!byId(answer, "plan-rows")) return;
      taken(answer, "rows");
      say(form.dataset.sentLater);
    } catch {
      say(form.dataset.failed);
    }
  }

  // ---- open and closed ----

  function reveal(row) {
    for (let each = row; each; each = each.parentElement) if (each.matches("details:not(.menu)")) each.open = true;
    const own = row && row.querySelector(":scope > details.plan-fold");
    if (own) own.open = true;
  }

  function remember() {
    const open = [...form.querySelectorAll("details.plan-fold")].map((each) => [each.id, each.open]);
    window.sessionStorage.setItem(OPEN, JSON.stringify(open));
  }

  function recall() {
    JSON.parse(window.sessionStorage.getItem(OPEN) || "[]").forEach(([id, open]) => {
      const fold = byId(document, id);
      if (fold && !fold.hasAttribute("data-wanted")) fold.open = open;
    });
  }

  form.addEventListener("toggle", (event) => event.target.matches("details.plan-fold") && remember(), true);

  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(byId(document, link.getAttribute("href").slice(1)));
    const all = event.target.closest("[data-fold]");
    if (!all) return;
    form.querySelectorAll("details.plan-fold").forEach((each) => {
      each.open = all.dataset.fold === "open";
    });
  });

  // ---- what the writer does ----

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-shape]")) return;
    unsent = true;
    clearTimeout(timer);
    timer = setTimeout(() => send("typed"), PAUSE);
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
    const letter = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && letter === "s") {
      event.preventDefault();
      if (unsent) send("typed");
      else say(form.dataset.kept);
    } else if (command && (letter === "z" || letter === "y")) {
      if (event.target.matches("input, textarea")) return; // the browser's own undo of letters
      event.preventDefault();
      send("rows", { op: event.shiftKey || letter === "y" ? "redo" : "undo" });
    } else if (event.altKey && event.shiftKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const row = event.target.closest("[data-row$=']']");
      if (!row) return;
      event.preventDefault();
      send("rows", { op: `${event.key === "ArrowUp" ? "up" : "down"}|${row.dataset.row}` });
    }
  });

  window.addEventListener("online", () => unsent && again());
  window.addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });

  document.querySelectorAll("[data-folds]").forEach((each) => {
    each.hidden = false;
  });
  recall();
  sendWhatIsLeft();
})();
