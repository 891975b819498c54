// A long form filled in on the spot: what was tapped and written stays on the phone until it is out, and goes out once.
//   form[data-draft="<whose, what>"] with a field "token"; [data-item] around each question; [data-draft-progress] shows
//   how many are answered, [data-draft-found] that a draft is back; on the page that follows, [data-draft-sent="<token>"].
(function () {
  "use strict";

  const PREFIX = "draft:";
  const LONGEST_SIDE = 1600; // pixels; the server keeps no more
  const QUALITY = 0.85;

  /** Works with the drafts on the phone; a browser that keeps nothing (private, full) is no reason to fail. */
  function withDrafts(work) {
    try {
      return work(window.localStorage);
    } catch {
      return undefined;
    }
  }

  /** Forgets the drafts that went out under this token. */
  function forget(token) {
    withDrafts((drafts) => {
      Object.keys(drafts)
        .filter((key) => key.startsWith(PREFIX) && JSON.parse(drafts.getItem(key)).token === token)
        .forEach((key) => drafts.removeItem(key));
    });
  }

  const sent = document.querySelector("[data-draft-sent]");
  if (sent) forget(sent.dataset.draftSent);

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = PREFIX + form.dataset.draft;
  const items = [...form.querySelectorAll("[data-item]")];

  function save() {
    const fields = {};
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && value && name !== "csrf_token") fields[name] = value;
    });
    withDrafts((drafts) => drafts.setItem(key, JSON.stringify({ token: form.elements.token.value, fields })));
  }

  /** Fills in what is kept, its token included: sent twice, it is still one. */
  function restore() {
    const kept = withDrafts((drafts) => JSON.parse(drafts.getItem(key) || "null"));
    if (!kept) return;
    Object.entries(kept.fields).forEach(([name, value]) => {
      const field = form.elements.namedItem(name);
      if (field) field.value = value; // of radio buttons, the list takes the value
    });
    form.querySelector("[data-draft-found]").hidden = false;
  }

  function count() {
    const answered = items.filter((item) => item.querySelector("input[type=radio]:checked")).length;
    const progress = form.querySelector("[data-draft-progress]");
    progress.hidden = false;
    progress.querySelector("progress").value = answered;
    progress.querySelector("[data-draft-count]").textContent = `${answered} / ${items.length}`;
  }

  /** Brings the next question under the thumb; a fault stays, and opens the place for its note and picture. */
  function moveOn(radio) {
    const item = radio.closest("[data-item]");
    const next = items[items.indexOf(item) + 1];
    if (radio.hasAttribute("data-fault")) item.querySelector("details").open = true;
    if (!next || radio.hasAttribute("data-fault")) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    next.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  }

  /** Makes a picture smaller before it is sent: twenty of them must pass a workshop's connection. */
  async function shrink(input) {
    const file = input.files[0];
    if (!file || !window.createImageBitmap || !file.type.startsWith("image/")) return;
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!drawn || drawn.size >= file.size) return;
    const chosen = new DataTransfer();
    chosen.items.add(new File([drawn], "photo.jpg", { type: drawn.type }));
    input.files = chosen.files;
  }

  form.addEventListener("input", () => {
    save();
    count();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") moveOn(event.target);
    if (event.target.type === "file") shrink(event.target).catch(() => {}); // it then goes out as it is
  });

  // Without a connection nothing is sent, and nothing is lost: it goes out when the connection is back.
  let waiting = false;
  window.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = true;
      const notice = document.getElementById("lost-connection");
      if (notice) notice.hidden = false;
    },
    true,
  );
  window.addEventListener("online", () => {
    if (waiting) form.requestSubmit();
    waiting = false;
  });

  if (!document.querySelector(".form-errors")) restore();
  count();
})();
