/* Picking a quote from the passages beside a form. Without it the form takes typed words, which the server locates.
   [data-pickable][data-capture="ID"][data-passage-start="N"]  a passage; its text is the capture's text from code point N on, exactly.
                                         An element in it that is no text of the capture carries data-skip="N": the code points it stands for
   data-quote="exact|capture|start|end"  the fields that a picked quote fills; offsets count code points (TextPositionSelector)
   data-pick-list                        an element in that form where sentences are offered as buttons, for the keyboard */
(function () {
  "use strict";

  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (selector, root) => (root || document).querySelector(selector);
  const isShown = (element) => element.checkVisibility();

  const countPoints = (text) => Array.from(text).length;

  function readRuns(passage) {
    const runs = [];
    let at = Number(passage.dataset.passageStart);
    (function walk(node) {
      if (node.nodeType === Node.TEXT_NODE) {
        runs.push({ node, text: node.data, start: at });
        at += countPoints(node.data);
      } else if (node.dataset && node.dataset.skip !== undefined) {
        runs.push({ isJoint: true, start: at });
        at += Number(node.dataset.skip);
      } else node.childNodes.forEach(walk);
    })(passage);
    return runs;
  }

  function readSelection(passage, range) {
    let quote = null;
    for (const run of readRuns(passage)) {
      if (run.isJoint) { if (quote) break; else continue; }
      if (!range.intersectsNode(run.node)) continue;
      const from = range.startContainer === run.node ? range.startOffset : 0;
      const to = range.endContainer === run.node ? range.endOffset : run.text.length;
      const text = run.text.slice(from, to);
      if (!text) continue;
      if (!quote) quote = { exact: "", start: run.start + countPoints(run.text.slice(0, from)) };
      quote.exact += text;
    }
    return quote && trimQuote(quote);
  }

  function trimQuote({ exact, start }) {
    const text = exact.trim();
    const lead = exact.length - exact.trimStart().length;
    const begin = start + countPoints(exact.slice(0, lead));
    return text ? { exact: text, start: begin, end: begin + countPoints(text) } : null;
  }

  function setQuote(form, name, value) {
    const field = one(`[data-quote="${name}"]`, form);
    if (field) field.value = value;
  }

  function fillQuote(form, passage, quote) {
    setQuote(form, "capture", passage.dataset.capture);
    setQuote(form, "start", quote.start);
    setQuote(form, "end", quote.end);
    setQuote(form, "exact", quote.exact);
    one('[data-quote="exact"]', form).dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "picked" }));
    document.dispatchEvent(new CustomEvent("dossiers:announce", { detail: `Quote: ${quote.exact}` }));
  }

  const quoteForms = () => all('[data-quote="exact"]').filter(isShown).map((field) => field.form);

  function pickSelection() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const passage = all("[data-pickable]").find((candidate) => range.intersectsNode(candidate));
    const quote = passage && readSelection(passage, range);
    if (quote) quoteForms().forEach((form) => fillQuote(form, passage, quote));
  }
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(pickSelection, 200);
  });

  function splitSentences(passage) {
    const parts = [];
    let part = null;
    readRuns(passage).forEach((run) => {
      if (run.isJoint) part = null;
      else if (part) part.text += run.text;
      else parts.push(part = { text: run.text, start: run.start });
    });
    const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" });
    return parts.flatMap(({ text, start }) => Array.from(segmenter.segment(text), ({ segment, index }) =>
      trimQuote({ exact: segment, start: start + countPoints(text.slice(0, index)) }))).filter(Boolean);
  }

  function makeChoice(list, passage, quote) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = quote.exact;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      all("button", list).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      fillQuote(button.form, passage, quote);
    });
    item.append(button);
    return item;
  }

  function fillPickLists(root) {
    all("[data-pick-list]", root).filter((place) => !place.firstChild && window.Intl && Intl.Segmenter).forEach((place) => {
      const list = document.createElement("ul");
      list.className = "pick-list";
      list.setAttribute("aria-label", "Sentences to quote");
      all("[data-pickable]").forEach((passage) => {
        list.append(...splitSentences(passage).map((quote) => makeChoice(list, passage, quote)));
      });
      if (list.firstChild) place.append(list);
    });
  }

  /* Typed words are no picked quote: the server must locate them itself. */
  document.addEventListener("input", (event) => {
    if (event.target.dataset.quote !== "exact" || event.detail === "picked") return;
    ["capture", "start", "end"].forEach((name) => setQuote(event.target.form, name, ""));
  }, true);

  const fillShownLists = (root) => { if (all("[data-pick-list]", root).some(isShown)) fillPickLists(root); };
  document.addEventListener("toggle", (event) => fillShownLists(event.target), true);
  document.addEventListener("htmx:afterSettle", (event) => fillShownLists(event.detail.elt));
  fillShownLists(document);
})();
