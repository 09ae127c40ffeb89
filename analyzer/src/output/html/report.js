// SPDX-License-Identifier: LGPL-2.1-or-later
"use strict";
// Filters the findings, and moves among them by key. The page is whole without it.
(() => {
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll(".finding")];
  const output = form && form.querySelector("output");
  const texts = items.map(() => undefined); // of all findings, in lower case

  // All boots by their numbers, as the section of boots has them.
  const boots = new Map();
  document.querySelectorAll(".boots > li > details").forEach((details) => {
    const { machine, build, kernel, verdict } = details.dataset;
    const number = details.id.slice(2);
    boots.set(number, { number, machine, build, kernel, verdict, item: details.parentElement });
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
    state: (item, value) => item.dataset.state === value,
  };

  // These choose boots, and the page then shows what they saw: the same in all its sections.
  const bootTests = {
    machine: (boot, value) => boot.machine === value,
    build: (boot, value) => boot.build === value,
    kernel: (boot, value) => boot.kernel === value,
    boot: (boot, value) => boot.number === value,
  };

  function askedOf(table) {
    return Object.keys(table).filter((name) => form.elements[name])
      .map((name) => [table[name], form.elements[name].value]).filter(([, value]) => value !== "");
  }

  // The numbers of the boots that were chosen; null: all.
  function chosenBoots() {
    const asked = askedOf(bootTests);
    const chosen = [...boots.values()].filter((boot) => asked.every(([test, value]) => test(boot, value)));
    return asked.length ? new Set(chosen.map((boot) => boot.number)) : null;
  }

  // --- what the chosen boots saw ---

  let chosen = null;
  const isChosen = (number) => !chosen || chosen.has(number);
  const isSeen = (item) => !chosen || eventsOf(item).some(([number]) => chosen.has(number));
  const plural = (n, one, many) => (n === 1 ? one : many);

  // Of each boot of a finding: its number, the chart's column and how many events.
  const events = new Map();
  function eventsOf(item) {
    if (!events.has(item))
      events.set(item, item.dataset.events.trim().split(" ").map((entry) => {
        const [number, column, count] = entry.split(":");
        return [number, Number(column), Number(count)];
      }));
    return events.get(item);
  }

  // Adds them up by column; returns how many there are.
  function addEvents(item, columns) {
    let sum = 0;
    eventsOf(item).forEach(([number, column, count]) => {
      if (!isChosen(number))
        return;
      columns[column] = (columns[column] || 0) + count;
      sum += count;
    });
    return sum;
  }

  // As the page's maker draws them.
  function drawBar(rect, count, most, height, floor) {
    const part = Math.floor(100 * Math.sqrt(count / most) + 1e-9);
    const h = count ? Math.max(Math.floor(height * part / 100), 3) : floor;
    rect.setAttribute("height", h);
    rect.setAttribute("y", rect.farthestViewportElement.dataset.floor - h);
    rect.setAttribute("class", count ? "bar" : "none");
    const name = rect.querySelector("title");
    name.textContent = name.textContent.replace(/: .*/, `: ${count}`);
  }

  function drawFinding(item) {
    const columns = [];
    const sum = addEvents(item, columns);
    const n = new Set(eventsOf(item).map(([number]) => number).filter(isChosen)).size;
    item.querySelector(".count").textContent = `×${sum}`;
    item.querySelector(".in").textContent = `${n} ${plural(n, "boot", "boots")}`;
    const most = Math.max(1, ...columns.filter(Boolean));
    item.querySelectorAll("svg.bars rect").forEach((rect) => {
      drawBar(rect, columns[rect.dataset.column] || 0, most, rect.farthestViewportElement.dataset.floor, 0);
    });
  }

  // The chart of all events: only numbers of columns that have some stand there.
  function drawTimeline(chart) {
    const columns = [];
    const first = [];
    items.filter((item) => item.dataset.state !== "asked").forEach((item) => {
      const [number, column] = item.dataset.first.split(":");
      addEvents(item, columns);
      if (isChosen(number))
        first[column] = (first[column] || 0) + 1;
    });
    const most = Math.max(1, ...columns.filter(Boolean));
    chart.querySelectorAll("rect").forEach((rect) => {
      const i = rect.dataset.column;
      drawBar(rect, columns[i] || 0, most, chart.dataset.height, 1);
      if (first[i])
        rect.querySelector("title").textContent += `, ${first[i]} for the first time`;
      chart.querySelectorAll(`text[data-column="${i}"]`).forEach((text) => {
        const isFirst = text.classList.contains("first");
        const n = (isFirst ? first[i] : columns[i]) || 0;
        text.textContent = n ? (text.textContent.startsWith("+") ? "+" : "") + n : "";
        if (!isFirst)
          text.setAttribute("y", rect.getAttribute("y") - 4);
      });
    });
  }

  function drawTiles() {
    const seen = items.filter(isSeen);
    const own = seen.filter((item) => item.dataset.state !== "asked");
    const verdicts = [...boots.values()].filter((boot) => isChosen(boot.number)).map((boot) => boot.verdict);
    const numbers = {
      new: own.filter((item) => item.dataset.state === "new").length,
      signatures: own.length,
      events: own.reduce((sum, item) => sum + addEvents(item, []), 0),
      asked: seen.length - own.length,
    };
    document.querySelectorAll(".tile").forEach((tile) => {
      const { tile: name, one, many } = tile.dataset;
      const n = numbers[name] ?? verdicts.filter((verdict) => verdict === name).length;
      tile.classList.toggle("zero", n === 0);
      tile.querySelector("b").textContent = n;
      tile.childNodes[1].textContent = " " + plural(n, one, many);
    });
  }

  function drawMatrix(table) {
    const heads = [...table.querySelectorAll("thead tr:last-child th")].slice(1);
    const shown = heads.map((head) => isChosen(head.textContent));
    table.querySelectorAll("tr:not(.days)").forEach((row) => {
      [...row.cells].slice(1).forEach((cell, i) => { cell.hidden = !shown[i]; });
    });
    let at = 0;
    table.querySelectorAll(".days th[data-boots]").forEach((day) => {
      const n = Number(day.dataset.boots);
      const left = shown.slice(at, at + n).filter(Boolean).length;
      day.hidden = left === 0;
      day.colSpan = Math.max(left, 1);
      at += n;
    });
  }

  // Of a finding that is open: when it came.
  function showTimes(details) {
    details.querySelectorAll(".times tbody tr").forEach((row) => {
      row.hidden = !isChosen(row.querySelector("a").textContent);
    });
  }

  function chooseBoots(next) {
    if (chosen === next || (chosen && next && [...chosen].join() === [...next].join()))
      return;
    chosen = next;
    items.forEach(drawFinding);
    boots.forEach((boot) => { boot.item.hidden = !isChosen(boot.number); });
    drawTiles();
    document.querySelectorAll(".timeline svg").forEach(drawTimeline);
    document.querySelectorAll("table.matrix").forEach(drawMatrix);
    document.querySelectorAll(".finding > details[open]").forEach(showTimes);
    document.querySelectorAll(".chosen").forEach((words) => {
      words.textContent = chosen ? `${chosen.size} of ${boots.size} boots, as filtered: ` : "";
    });
  }

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
    const asked = askedOf(tests);
    let shown = 0;
    chooseBoots(chosenBoots());
    items.forEach((item, i) => {
      const passes = isSeen(item) && asked.every(([test, value]) => test(item, value)) && words.every((word) => textOf(i).includes(word));
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
      if (Object.hasOwn(tests, name) || Object.hasOwn(bootTests, name) || name === "text" || name === "sort") {
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

  // The cells of a row of the grid that stand in the columns from..to, after its name. A day spans several.
  function bandRow(row, from, to) {
    const copy = row.cloneNode(false);
    const [name, ...cells] = [...row.cells].filter((cell) => !cell.hidden);
    copy.append(name.cloneNode(true));
    let at = 0;
    cells.forEach((cell) => {
      const span = Math.min(at + cell.colSpan, to) - Math.max(at, from);
      at += cell.colSpan;
      if (span > 0)
        copy.append(Object.assign(cell.cloneNode(true), { colSpan: span }));
    });
    return copy;
  }

  // Paper does not scroll: what is too wide for it stands in parts, one below the other.
  const paperColumns = 32;
  function printMatrix(table) {
    const n = [...table.rows[table.rows.length - 1].cells].filter((cell) => !cell.hidden).length - 1;
    for (let from = 0; n > paperColumns && from < n; from += paperColumns) {
      const band = table.cloneNode(false);
      band.classList.add("band");
      [...table.children].forEach((part) => {
        const copy = part.cloneNode(false);
        copy.append(...[...part.rows].map((row) => bandRow(row, from, from + paperColumns)));
        band.append(copy);
      });
      table.parentNode.append(band);
    }
  }

  // Paper does not open: what few findings there are is printed whole.
  let opened = [];
  addEventListener("beforeprint", () => {
    document.querySelectorAll("table.matrix").forEach(printMatrix);
    const shown = items.filter((item) => !item.hidden);
    opened = shown.length > 40 ? [] : shown.flatMap((item) => [...item.querySelectorAll("details:not([open])")]);
    opened.forEach((details) => {
      details.open = true;
      explain(details);
    });
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll("table.band").forEach((band) => band.remove());
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
  document.addEventListener("toggle", ({ target }) => {
    if (target.open)
      explain(target);
    if (target.open && form)
      showTimes(target);
  }, true);
  addEventListener("hashchange", openTarget);
  openTarget();
})();
