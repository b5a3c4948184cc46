// What the dashboard's pages do beyond HTML: live parts, copying, the keyboard, charts, logs, checks while typing.
// All pages work without it, but for logs and the playground.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Changes `old` into `fresh` and leaves alone what is the same: focus, open details and selections stay.
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (name === "open" && old.nodeName === "DETAILS") continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const there = [...old.childNodes];
  wanted.forEach((node, index) => (there[index] ? morph(there[index], node) : old.append(node)));
  there.slice(wanted.length).forEach((node) => node.remove());
}

function toast(text) {
  const box = one("[data-toast]");
  if (!box) return;
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("shown"), 1800);
}

// Live parts: while the page is seen, and no longer.
let source = null;
function listen() {
  const address = document.body.dataset.events;
  if (!address || source || document.hidden) return;
  source = new EventSource(address);
  source.addEventListener("region", (event) => {
    const region = one(`[data-live="${CSS.escape(event.lastEventId)}"]`);
    if (!region) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = event.data;
    morphChildren(region, fresh);
    dress(region);
  });
  source.addEventListener("gone", () => quiet());
  source.addEventListener("error", () => {
    // It connects again by itself, unless it was refused.
    if (source?.readyState === EventSource.CLOSED) toast(one("[data-toast]").dataset.lost);
  });
}
function quiet() {
  if (source) source.close();
  source = null;
}
document.addEventListener("visibilitychange", () => (document.hidden ? quiet() : listen()));
addEventListener("pagehide", quiet);

// Times of charts in the browser's own zone.
function dress(root) {
  for (const text of all("[data-time]", root)) {
    const time = new Date(Number(text.dataset.time));
    text.textContent = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  }
}

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
    } catch {
      const area = document.createElement("textarea");
      area.value = copy.dataset.copy;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast(one("[data-toast]").dataset.copied);
  }
  const menu = event.target.closest("[data-menu]");
  if (menu) {
    const isOpen = one("#nav").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(isOpen));
  }
});

// `/` goes to the search, `g` and a letter to a page.
let isGoing = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && one("#nav")?.classList.contains("open")) one("[data-menu]").click();
  if (event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    const search = one("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (isGoing) {
    isGoing = false;
    one(`#nav a[data-key="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === "g") {
    isGoing = true;
    setTimeout(() => (isGoing = false), 1200);
  }
});

// Charts: the numbers at the pointer.
document.addEventListener("pointermove", (event) => {
  const svg = event.target.closest?.("svg[data-chart]");
  for (const other of all("svg[data-chart]")) if (other !== svg) resetChart(other);
  if (!svg) return;
  const data = JSON.parse(svg.dataset.chart);
  if (data.t.length < 2) return;
  const box = svg.getBoundingClientRect();
  const left = Number(svg.dataset.left);
  const x = ((event.clientX - box.left) / box.width) * 560;
  const share = Math.min(1, Math.max(0, (x - left) / (560 - left - 4)));
  const index = Math.round(share * (data.t.length - 1));
  const at = left + (index / (data.t.length - 1)) * (560 - left - 4);
  const cursor = one(".cursor", svg);
  cursor.setAttribute("x1", at);
  cursor.setAttribute("x2", at);
  all("[data-value]", svg.closest("figure")).forEach((field, line) => {
    field.dataset.last ??= field.textContent;
    field.textContent = data.v[line]?.[index] ?? "–";
  });
  svg.dataset.read = "1";
});
function resetChart(svg) {
  if (!svg.dataset.read) return;
  delete svg.dataset.read;
  one(".cursor", svg).setAttribute("x1", -9);
  one(".cursor", svg).setAttribute("x2", -9);
  for (const field of all("[data-value]", svg.closest("figure"))) {
    if (field.dataset.last) field.textContent = field.dataset.last;
    delete field.dataset.last;
  }
}

// Filters are sent as soon as something is chosen.
for (const form of all("form[data-submit]")) {
  form.addEventListener("change", (event) => event.target.matches("select") && form.submit());
}

// Fields that count only where another one has a value.
function toggleFields() {
  for (const field of all("[data-only]")) {
    const [name, value] = field.dataset.only.split("=");
    const other = one(`[name="${CSS.escape(name)}"]`);
    field.closest(".field").hidden = other && other.value !== value;
  }
}
document.addEventListener("change", toggleFields);
toggleFields();

// What is being written is checked by the API, a moment after the last key.
for (const result of all("[data-check]")) {
  const form = result.closest("form");
  let timer, call;
  const check = async () => {
    call?.abort();
    call = new AbortController();
    try {
      const answer = await fetch(result.dataset.check, {
        method: "POST", signal: call.signal, body: new URLSearchParams(new FormData(form)),
      });
      if (!answer.ok) return;
      const fresh = document.createElement("div");
      fresh.innerHTML = await answer.text();
      morphChildren(result, fresh);
    } catch { /* the next one tells */ }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, 500);
  });
  if (one("[name=existing]", form) || one("[name=yaml]", form)) check();
}
for (const editor of all("[data-editor]")) {
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey) return;
    event.preventDefault();
    editor.setRangeText("  ", editor.selectionStart, editor.selectionEnd, "end");
    editor.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Logs, as they come. At most so many lines are kept.
const mostLines = 5000;
function showLog(box) {
  const select = one("[data-log-source]");
  const search = one("[data-log-search]");
  const follow = one("[data-log-follow]");
  let call;
  const matches = (line) => {
    const text = search.value.trim().toLowerCase();
    return !text || line.textContent.toLowerCase().includes(text);
  };
  const read = async () => {
    call?.abort();
    call = new AbortController();
    box.replaceChildren();
    const address = box.dataset.log + select.value;
    one("[data-log-download]").href = address + "?download=1";
    try {
      const answer = await fetch(address, { signal: call.signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        const batch = document.createDocumentFragment();
        for (const line of lines.slice(-mostLines)) {
          const row = ansi(line);
          row.classList.toggle("gone", !matches(row));
          batch.append(row);
        }
        box.append(batch);
        while (box.childElementCount > mostLines) box.firstElementChild.remove();
        if (follow.checked) box.scrollTop = box.scrollHeight;
      }
    } catch (error) {
      if (error.name !== "AbortError") setTimeout(read, 2000);
    }
  };
  select.addEventListener("change", read);
  search.addEventListener("input", () => {
    for (const row of box.children) row.classList.toggle("gone", !matches(row));
  });
  // Who scrolls up wants to read, and not to follow.
  box.addEventListener("scroll", () => {
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    if (!isAtEnd && follow.checked) follow.checked = false;
  });
  follow.addEventListener("change", () => follow.checked && (box.scrollTop = box.scrollHeight));
  read();
}
// One line with its colours (ECMA-48, select graphic rendition).
function ansi(line) {
  const row = document.createElement("div");
  let classes = [];
  for (const part of line.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    const code = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (code) {
      for (const number of (code[1] || "0").split(";")) {
        if (Number(number) === 0) classes = [];
        else if (Number(number) === 39) classes = classes.filter((name) => name.length < 3);
        else classes.push("a" + (Number(number) >= 91 && Number(number) <= 97 ? Number(number) - 60 : Number(number)));
      }
    } else if (part && !part.startsWith("\x1b[")) {
      const piece = document.createElement("span");
      piece.textContent = part;
      piece.className = classes.join(" ");
      row.append(piece);
    }
  }
  if (!row.childNodes.length) row.append("\u00a0");
  return row;
}
const log = one("[data-log]");
if (log) showLog(log);

dress(document);
listen();
