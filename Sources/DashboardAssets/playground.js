// The playground: calls to models through /relay, in one lane or two, and a small load test.
"use strict";

(() => {
  const root = document.querySelector("[data-playground]");
  if (!root) return;
  const task = root.dataset.playground;
  const text = (key) => root.dataset["t" + key[0].toUpperCase() + key.slice(1)] ?? key;
  const lanesBox = root.querySelector("[data-lanes]");
  const selects = [...root.querySelectorAll("[data-model]")];
  const input = root.querySelector("[data-input]");
  const send = root.querySelector("[data-send]");
  const stop = root.querySelector("[data-stop]");
  let call = null;

  const parameter = (name) => {
    const field = root.querySelector(`[data-parameter="${name}"]`);
    return field && field.value !== "" ? Number(field.value) : undefined;
  };

  function element(name, className, content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  }

  // A target is "<namespace>/<name>|<host>"; the host is that of a revision, or nothing.
  function target(value) {
    const [key, host] = value.split("|");
    const [namespace, name] = key.split("/");
    return { key, name, host, base: `/relay/serving/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}` };
  }

  let lanes = [];
  function layOut() {
    lanes = selects.map((select) => select.value).filter(Boolean).map((value, index) => {
      const lane = { ...target(value), box: element("section", "lane"), messages: [] };
      lane.box.append(element("h2", "", selects[index].selectedOptions[0]?.textContent ?? lane.key));
      lane.box.setAttribute("aria-label", lane.key);
      lane.box.setAttribute("role", "log");
      lane.box.tabIndex = 0;
      return lane;
    });
    lanesBox.replaceChildren(...lanes.map((lane) => lane.box));
  }

  async function post(lane, path, body, signal) {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": root.dataset.csrf };
    if (lane.host) headers["X-Martlet-Host"] = lane.host;
    const answer = await fetch(lane.base + path, { method: "POST", headers, signal, body: JSON.stringify(body) });
    if (answer.ok) return answer;
    const said = await answer.text();
    let message = said;
    try { const json = JSON.parse(said); message = json.error?.message ?? json.error ?? json.message ?? said; } catch { /* text */ }
    throw new Error(`${answer.status}: ${message}`);
  }

  // The data of each event, as it comes.
  async function* events(answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith("data:")) continue;
        const data = line.slice(5).trim();
        if (data === "[DONE]") return;
        const event = JSON.parse(data);
        if (event.error) throw new Error(event.error.message ?? JSON.stringify(event.error));
        yield event;
      }
    }
  }

  async function generate(lane, path, body, piece, turn, signal) {
    const speed = element("p", "speed", "");
    lane.box.append(speed);
    const began = performance.now();
    let first = 0, tokens = 0, counted = 0;
    const tell = () => {
      const seconds = (performance.now() - (first || began)) / 1000;
      const count = counted || tokens;
      const rate = seconds > 0 && count > 1 ? ((count - 1) / seconds).toFixed(1) : "–";
      speed.textContent = `${count} ${text("tokens")} · ${rate} ${text("rate")}`
        + (first ? ` · ${text("first")} ${Math.round(first - began)} ms` : "");
    };
    let whole = "";
    try {
      const answer = await post(lane, path, { ...body, stream: true, stream_options: { include_usage: true } }, signal);
      for await (const event of events(answer)) {
        const part = piece(event);
        if (event.usage?.completion_tokens) counted = event.usage.completion_tokens;
        if (!part) continue;
        first ||= performance.now();
        tokens += 1;
        whole += part;
        turn.textContent = whole;
        const isNear = lane.box.scrollHeight - lane.box.scrollTop - lane.box.clientHeight < 80;
        if (isNear) lane.box.scrollTop = lane.box.scrollHeight;
        tell();
      }
      tell();
    } catch (error) {
      if (error.name === "AbortError") { tell(); speed.textContent += ` · ${text("stopped")}`; }
      else { turn.classList.add("wrong"); turn.textContent = whole + (whole ? "\n" : "") + error.message; }
    }
    return whole;
  }

  async function chat(lane, said, signal) {
    lane.messages.push({ role: "user", content: said });
    lane.box.append(element("div", "turn mine", said));
    const turn = element("div", "turn", "…");
    lane.box.append(turn);
    lane.box.scrollTop = lane.box.scrollHeight;
    const body = {
      model: lane.name, messages: lane.messages, max_tokens: parameter("max_tokens"),
      temperature: parameter("temperature"), top_p: parameter("top_p"),
    };
    const whole = await generate(
      lane, "/v1/chat/completions", body, (event) => event.choices?.[0]?.delta?.content, turn, signal);
    if (whole) lane.messages.push({ role: "assistant", content: whole });
  }

  async function complete(lane, said, signal) {
    const turn = element("div", "turn", "…");
    lane.box.append(element("div", "turn mine", said), turn);
    const body = {
      model: lane.name, prompt: said, max_tokens: parameter("max_tokens"), temperature: parameter("temperature"),
      top_p: parameter("top_p"),
    };
    await generate(lane, "/v1/completions", body, (event) => event.choices?.[0]?.text, turn, signal);
  }

  const plain = {
    embeddings: (lane, said) => ["/v1/embeddings", { model: lane.name, input: said.split("\n").filter(Boolean) }],
    rerank: (lane, said) => ["/v1/rerank", { model: lane.name, ...JSON.parse(said) }],
    infer: (lane, said) => [`/v2/models/${encodeURIComponent(lane.name)}/infer`, JSON.parse(said)],
  };

  async function ask(lane, said, signal) {
    const turn = element("div", "turn", "…");
    lane.box.append(turn);
    const began = performance.now();
    try {
      const [path, body] = plain[task](lane, said);
      const answer = await (await post(lane, path, body, signal)).json();
      turn.replaceChildren(element("pre", "", brief(answer)));
      lane.box.append(element("p", "speed", `${Math.round(performance.now() - began)} ms`));
    } catch (error) {
      turn.classList.add("wrong");
      turn.textContent = error.message;
    }
  }

  // Long lists of numbers are cut where they are shown.
  function brief(value) {
    const shorten = (item) => {
      if (Array.isArray(item)) {
        if (item.length > 8 && item.every((each) => typeof each === "number")) {
          return [...item.slice(0, 8), `… ${item.length}`];
        }
        return item.map(shorten);
      }
      if (item && typeof item === "object") {
        return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, shorten(each)]));
      }
      return item;
    };
    return JSON.stringify(shorten(value), null, 2);
  }

  async function load(lane, said, signal) {
    const wanted = parameter("requests") ?? 20;
    const report = element("dl", "facts");
    lane.box.replaceChildren(lane.box.firstChild, report);
    const times = [], firsts = [];
    let begun = 0, failed = 0, tokens = 0, last = "";
    const began = performance.now();
    const tell = () => {
      const seconds = (performance.now() - began) / 1000;
      const sorted = [...times].sort((a, b) => a - b);
      const at = (share) => sorted.length ? `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))])} ms` : "–";
      const mean = firsts.length ? `${Math.round(firsts.reduce((a, b) => a + b, 0) / firsts.length)} ms` : "–";
      const rows = [
        [text("requests"), `${times.length + failed} / ${wanted}`], [text("errors"), `${failed}${last ? ` (${last})` : ""}`],
        [text("duration"), `${seconds.toFixed(1)} s`], [`${text("requests")} /s`, (times.length / seconds).toFixed(2)],
        [text("rate"), (tokens / seconds).toFixed(1)], [text("first"), mean],
        ["p50", at(0.5)], ["p95", at(0.95)], ["p99", at(0.99)],
      ];
      report.replaceChildren(...rows.map(([name, value]) => {
        const row = element("div");
        row.append(element("dt", "", name), element("dd", "", value));
        return row;
      }));
    };
    const worker = async () => {
      while (begun < wanted && !signal.aborted) {
        begun += 1;
        const start = performance.now();
        let first = 0;
        try {
          const body = {
            model: lane.name, stream: true, max_tokens: parameter("max_tokens"),
            messages: [{ role: "user", content: said }],
          };
          for await (const event of events(await post(lane, "/v1/chat/completions", body, signal))) {
            if (!event.choices?.[0]?.delta?.content) continue;
            if (!first) { first = performance.now(); firsts.push(first - start); }
            tokens += 1;
          }
          times.push(performance.now() - start);
        } catch (error) {
          if (error.name === "AbortError") return;
          failed += 1;
          last = error.message;
        }
        tell();
      }
    };
    await Promise.all(Array.from({ length: Math.min(64, parameter("concurrency") ?? 4) }, worker));
    tell();
  }

  const ways = { chat, completions: complete, load };

  async function run(event) {
    event?.preventDefault();
    const said = input.value.trim();
    if (!said || call) return;
    if (!lanes.length) layOut();
    if (!lanes.length) return;
    call = new AbortController();
    send.disabled = true;
    stop.hidden = false;
    if (task === "chat") input.value = "";
    await Promise.all(lanes.map((lane) => (ways[task] ?? ask)(lane, said, call.signal)));
    call = null;
    send.disabled = false;
    stop.hidden = true;
    input.focus();
  }

  root.querySelector("[data-composer]").addEventListener("submit", run);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && task === "chat") run(event);
  });
  stop.addEventListener("click", () => call?.abort());
  root.querySelector("[data-clear]")?.addEventListener("click", layOut);
  selects.forEach((select) => select.addEventListener("change", layOut));
  layOut();
})();
