// SPDX-License-Identifier: LGPL-2.1-or-later
"use strict";
// Filters the findings, and moves among them by key. The page is whole without it.
(() => {
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll(".finding")];
  const output = form && form.querySelector("output");
  const texts = items.map(() => undefined); // of all findings, in lower case

  // The data of the boots that have a finding, as the section of boots has it.
  const boots = new Map();
  document.querySelectorAll(".boots > li > details").forEach(({ id, dataset }) => {
    boots.set(id.slice(2), { machine: dataset.machine, kernel: dataset.kernel });
  });
  function bootsOf(item) {
    return item.dataset.boots.trim().split(" ").map((n) => boots.get(n));
  }

  // Larger comes first; those that are equal stay as the page has them.
  const severities = ["low", "medium", "high", "critical"];
  const text = (a, b) => (a < b) - (a > b);
  const title = (item) => item.querySelector(".title").textContent;
  const orders = {
    severity: (a, b) => severities.indexOf(a.dataset.severity) - severities.indexOf(b.dataset.severity),
    count: (a, b) => a.dataset.count - b.dataset.count,
    boots: (a, b) => a.dataset.boots.split(" ").length - b.dataset.boots.split(" ").length,
    last: (a, b) => a.dataset.last - b.dataset.last,
    title: (a, b) => text(title(a), title(b)),
    detector: (a, b) => text(a.dataset.detector, b.dataset.detector),
  };

  // Each says whether an item passes for a value that was chosen.
  const tests = {
    rule: (item, value) => item.dataset.rule === value,
    relevance: (item, value) => value.split(" ").includes(item.dataset.relevance),
    severity: (item, value) => value.split(" ").includes(item.dataset.severity),
    detector: (item, value) => item.dataset.detector === value,
    subsystem: (item, value) => item.dataset.subsystem === value,
    owner: (item, value) => item.dataset.owner === value,
    machine: (item, value) => bootsOf(item).some((boot) => boot.machine === value),
    kernel: (item, value) => bootsOf(item).some((boot) => boot.kernel === value),
    boot: (item, value) => item.dataset.boots.includes(" " + value + " "),
    state: (item, value) => item.dataset.state === value,
  };

  function textOf(i) {
    if (texts[i] === undefined)
      texts[i] = [items[i].textContent, ...new Set(bootsOf(items[i]).flatMap((boot) => [boot.machine, boot.kernel]))].join(" ").toLowerCase();
    return texts[i];
  }

  // A search is quick when they were read before.
  function readTexts(idle) {
    let i = texts.findIndex((text) => text === undefined);
    for (; i >= 0 && i < items.length && idle.timeRemaining() > 2; i++)
      textOf(i);
    if (i >= 0 && i < items.length)
      requestIdleCallback(readTexts);
  }

  function filter() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = Object.keys(tests).filter((name) => form.elements[name])
      .map((name) => [tests[name], form.elements[name].value]).filter(([, value]) => value !== "");
    let shown = 0;
    items.forEach((item, i) => {
      const passes = asked.every(([test, value]) => test(item, value)) && words.every((word) => textOf(i).includes(word));
      item.hidden = !passes;
      shown += passes;
    });
    output.textContent = shown === items.length ? `all ${shown} shown` : `${shown} of ${items.length} shown`;
    sort(form.elements.sort.value);
  }

  let sorted = "";
  function sort(by) {
    if (by === sorted)
      return;
    sorted = by;
    const list = document.querySelector("ol.findings");
    const places = orders[by] ? [...items].sort((a, b) => orders[by](b, a)) : items;
    list.append(...places);
    list.classList.toggle("sorted", by !== ""); // causes stand above their consequences in the page's own order only
  }

  // What is asked for stands in the address behind "#?": a link shows the same to others.
  function writeAddress() {
    const asked = [...new FormData(form)].filter(([, value]) => value !== "");
    const old = location.hash.startsWith("#?");
    if (asked.length || old)
      history.replaceState(null, "", asked.length ? "#?" + new URLSearchParams(asked) : "#");
  }

  function readAddress() {
    if (!location.hash.startsWith("#?"))
      return;
    form.reset();
    for (const [name, value] of new URLSearchParams(location.hash.slice(2)))
      if (Object.hasOwn(tests, name) || name === "text" || name === "sort") {
        const field = form.elements.namedItem(name);
        if (field)
          field.value = value;
      }
    setTimeout(filter);
  }

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "copied";
  }

  // Each topic stands once in the page; a finding that is opened shows its own in place.
  function explain(details) {
    const link = details.querySelector(".topic a[href^='#t-']");
    const topic = link && document.getElementById(link.hash.slice(1));
    if (topic)
      link.closest("p").replaceWith(topic.lastElementChild.cloneNode(true));
  }

  // What a link leads to is opened, and shown although it was filtered out.
  function openTarget() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || target.tagName !== "DETAILS")
      return;
    const item = target.closest(".finding");
    if (item && item.hidden)
      form.reset();
    target.open = true;
    target.scrollIntoView();
  }

  function step(by) {
    const heads = [...document.querySelectorAll(".finding:not([hidden])")].map((item) => item.querySelector("summary"));
    const at = heads.findIndex((head) => head.parentElement.contains(document.activeElement));
    const next = heads[at < 0 ? (by > 0 ? 0 : heads.length - 1) : at + by];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  }

  function key(event) {
    const field = event.target.closest("input, select, textarea");
    if (event.ctrlKey || event.altKey || event.metaKey)
      return;
    if (event.key === "Escape" && form) {
      form.reset();
      if (field)
        field.blur();
    } else if (!field && event.key === "/" && form) {
      form.elements.text.focus();
      event.preventDefault();
    } else if (!field && event.key === "j") {
      step(1);
    } else if (!field && event.key === "k") {
      step(-1);
    }
  }

  // Paper does not open: what few findings there are is printed whole.
  let opened = [];
  addEventListener("beforeprint", () => {
    const shown = items.filter((item) => !item.hidden);
    opened = shown.length > 40 ? [] : shown.flatMap((item) => [...item.querySelectorAll("details:not([open])")]);
    opened.forEach((details) => {
      details.open = true;
      explain(details);
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
  });

  if (form) {
    let timer = 0;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { filter(); writeAddress(); }, 60);
    });
    form.addEventListener("reset", () => setTimeout(() => { filter(); writeAddress(); }));
    filter();
    readAddress();
    addEventListener("hashchange", readAddress);
    if (navigator.clipboard)
      document.querySelectorAll("button[data-copy]").forEach((button) => {
        button.hidden = false;
        button.addEventListener("click", () => copy(button));
      });
    if (window.requestIdleCallback)
      requestIdleCallback(readTexts);
    const askFor = (name, value) => {
      form.reset();
      setTimeout(() => {
        form.elements.namedItem(name).value = value;
        filter();
        writeAddress();
        document.getElementById("findings").scrollIntoView();
      });
    };
    document.querySelectorAll("button[data-boot]").forEach((button) => {
      button.closest("[hidden]").hidden = false;
      button.addEventListener("click", () => askFor("boot", button.dataset.boot));
    });
    document.querySelectorAll("button[data-filter]").forEach((button) => {
      button.addEventListener("click", () => askFor(button.dataset.filter, button.dataset.value));
    });
  }
  document.querySelectorAll(".keys").forEach((keys) => { keys.hidden = false; });
  document.addEventListener("keydown", key);
  document.addEventListener("toggle", ({ target }) => target.open && explain(target), true);
  addEventListener("hashchange", openTarget);
  openTarget();
})();
