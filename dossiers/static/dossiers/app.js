/* The desk's script. Every page works without it; it adds what markup asks for (picking quotes is in quotes.js):
   data-key="a" data-key-label="Approve"   a single key clicks (or focuses) the element; listed by the ? dialog, can be switched off
   data-open-dialog="ID"                   opens a dialog
   data-focus                              takes the focus after a swap, or when its <details> is opened; else a heading
                                           with tabindex, or the first field of details.action, does
   data-announce="..."                     on a swapped partial: what the live region says (default: the focused heading)
   data-live                               a part that looks again by itself: takes no focus, and speaks only what is new
   form[data-draft="KEY"]                  typing survives a reload, a conflict and a lost session; dropped when the form succeeds
   data-discard-draft                      a button in such a form: forget what was restored
   body[data-page="sign-in|error"]         pages after which nothing typed may be forgotten; [data-notice] is a failure's sentence */
(function () {
  "use strict";

  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (selector, root) => (root || document).querySelector(selector);
  const isShown = (element) => element.checkVisibility();
  const make = (tag, attributes, text) => {
    const element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
    element.textContent = text || "";
    return element;
  };
  const remember = (store, key, value) => {
    try { if (value === null) store.removeItem(key); else store.setItem(key, value); } catch { /* storage may be switched off */ }
  };
  const recall = (store, key) => { try { return store.getItem(key); } catch { return null; } };

  /* Speaking: the live region and notices. */
  function announce(text) {
    const region = one("#announcer");
    if (!region || !text) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text.trim().replace(/\s+/g, " "); }, 60);
  }

  function showNotice(level, text, link) {
    const notice = make("div", { class: "notice", "data-level": level });
    const words = make("p", {}, text + " ");
    if (link) words.append(make("a", { href: link.href }, link.text));
    notice.append(words);
    const region = one("#notices");
    if (!region) return;
    region.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  /* Focus: a swap never leaves the keyboard on a removed element. */
  function focusInto(root, fallback) {
    const headings = fallback ? all(":is(h1, h2, h3)[tabindex]", root) : [];
    const target = all("[data-focus], [autofocus]", root).find(isShown) || headings[0];
    if (target) target.focus();
    return target;
  }

  /* A part that looks again by itself leaves the focus alone, and says its sentence only when that has changed. */
  const isLook = (event) => event.detail.requestConfig?.verb === "get" && event.detail.requestConfig.elt.matches("[data-live]");
  let lastSaid = one("[data-live]")?.dataset.announce;

  function hear(root) {
    const said = root.dataset?.announce;
    if (said && said !== lastSaid) announce(said);
    lastSaid = said;
  }

  function missLook(event) {
    if (!isLook(event)) return false;
    if (one("#notices [data-lost]")) return true;
    const notice = make("div", { class: "notice", "data-level": "warning", "data-lost": "" });
    notice.append(make("p", {}, "This page could not be brought up to date just now. It tries again by itself."));
    one("#notices")?.append(notice);
    return true;
  }

  function settle(root) {
    if (!root.isConnected || root.closest("[data-keep-focus]")) return;
    const told = root.matches("[data-announce]") ? root : one("[data-announce]", root);
    if (root.matches("[data-live]")) lastSaid = root.dataset.announce;
    const isKept = root.matches("[data-live]") && root.contains(document.activeElement);  // htmx found the same button again
    if (isKept) document.activeElement.scrollIntoView({ block: "nearest" });
    const target = isKept ? null : focusInto(root, true);
    announce(told ? told.dataset.announce : target && target.matches("h1, h2, h3") ? target.textContent : "");
  }

  /* Single keys (WCAG 2.1.4: they can be switched off). */
  const KEYS_OFF = "dossiers-keys-off";
  const areKeysOn = () => recall(localStorage, KEYS_OFF) !== "1";
  const NOT_TYPED = "[type=checkbox], [type=radio], [type=button], [type=submit]";
  const isTyping = (element) => element.isContentEditable || element.matches(`textarea, select, input:not(${NOT_TYPED})`);

  const canAct = (element) => !element.disabled && (isShown(element) || element.dataset.openDialog);

  function markKeys() {
    document.documentElement.dataset.keys = areKeysOn() ? "on" : "off";
    all("[data-key]").forEach((element) => {
      if (areKeysOn()) element.setAttribute("aria-keyshortcuts", element.dataset.key);
      else element.removeAttribute("aria-keyshortcuts");
    });
  }

  function labelOf(element) {
    if (element.dataset.keyLabel) return element.dataset.keyLabel;
    const copy = element.cloneNode(true);
    all("kbd", copy).forEach((hint) => hint.remove());
    return element.getAttribute("aria-label") || copy.textContent.trim();
  }

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    const list = one("[data-keys-list]", dialog);
    if (list) {
      list.replaceChildren(...all("[data-key]").filter(isShown).flatMap((element) => {
        const term = make("dt");
        term.append(make("kbd", {}, element.dataset.key));
        return [term, make("dd", {}, labelOf(element))];
      }));
      one("[data-keys-switch]", dialog).checked = areKeysOn();
    }
    dialog.showModal();
  }

  function closeMenus(except) {
    all("details.menu[open]").filter((menu) => !menu.contains(except)).forEach((menu) => {
      if (menu.contains(document.activeElement)) one("summary", menu).focus();
      menu.open = false;
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(document.body);
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented || event.repeat) return;
    if (!areKeysOn() || isTyping(event.target) || one("dialog[open]")) return;
    const element = all("[data-key]").find((candidate) => candidate.dataset.key === event.key && canAct(candidate));
    if (!element) return;
    event.preventDefault();
    element.focus();
    if (!isTyping(element)) element.click();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(opener.dataset.openDialog);
    closeMenus(event.target);
    const discard = event.target.closest("[data-discard-draft]");
    if (discard) discardDraft(discard.form);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    remember(localStorage, KEYS_OFF, event.target.checked ? null : "1");
    markKeys();
  });

  /* Opened by hand, a panel takes the focus; one that arrives open (a conflict, an error) leaves it where it belongs. */
  function focusOpened(details) {
    if (!details.open || focusInto(details, false) || !details.matches(".action")) return;
    all("input, select, textarea", details).find((field) => field.type !== "hidden" && isShown(field))?.focus();
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (summary) setTimeout(() => focusOpened(summary.parentElement), 0);
  });

  /* Drafts: what was typed outlives the page, for this tab and this user only. */
  const draftKey = (form) => `dossiers-draft:${document.body.dataset.user || ""}:${form.dataset.draft}`;
  const UNKEPT = ["hidden", "password", "submit", "button", "file"];
  const isKept = (field) => field.name && (field.dataset.quote || !UNKEPT.includes(field.type));
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const valueOf = (field) => (isTicked(field) ? field.checked : field.value);
  const nameOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);

  /* What nobody touched is left out, so that a value that changes on the server is never put back. */
  function isChanged(field) {
    if (field.options) return Array.from(field.options).some((option) => option.selected !== option.defaultSelected);
    if (field.type === "hidden") return field.value !== "";
    return isTicked(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  }

  function keepDraft(form) {
    const values = {};
    Array.from(form.elements).filter(isKept).filter(isChanged).forEach((field) => { values[nameOf(field)] = valueOf(field); });
    remember(sessionStorage, draftKey(form), JSON.stringify(values));
  }

  function dropDraft(form) { remember(sessionStorage, draftKey(form), null); }

  function restoreDraft(form) {
    const kept = JSON.parse(recall(sessionStorage, draftKey(form)) || "null");
    if (!kept) return;
    let changed = false;
    Array.from(form.elements).filter(isKept).forEach((field) => {
      const value = kept[nameOf(field)];
      if (value === undefined || value === valueOf(field)) return;
      if (typeof value === "boolean") field.checked = value; else field.value = value;
      changed = true;
    });
    if (changed) showRestored(form);
  }

  function showRestored(form) {
    const details = form.closest("details");
    if (details) details.open = true;
    if (one("[data-discard-draft]", form)) return;
    const words = make("p", { class: "help" }, "What you had typed here was kept. ");
    words.append(make("button", { type: "button", class: "link-button", "data-discard-draft": "" }, "Discard it"));
    form.prepend(words);
  }

  function discardDraft(form) {
    dropDraft(form);
    form.reset();
    all("[data-discard-draft]", form).forEach((button) => button.parentElement.remove());
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.dataset.draft) keepDraft(form);
  });
  document.addEventListener("dossiers:announce", (event) => announce(event.detail));

  /* Sending: a form goes once; its idempotency key covers what this cannot see. */
  const SENT = "dossiers-draft-sent";
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("aria-busy") !== "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    form.setAttribute("aria-busy", "true");
    if (form.dataset.draft) remember(sessionStorage, SENT, draftKey(form));
  });

  window.addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));

  /* Without HTMX the next page tells: a form that is back, a conflict or a page that says no means that it was not taken. */
  function forgetSentDraft() {
    const key = recall(sessionStorage, SENT);
    remember(sessionStorage, SENT, null);
    if (!key || document.body.dataset.page || one(".conflict")) return;
    if (!all("form[data-draft]").some((form) => draftKey(form) === key)) remember(sessionStorage, key, null);
  }

  /* What htmx brings. */
  function prepare(root) {
    all("form[data-draft]", root).concat(root.matches && root.matches("form[data-draft]") ? [root] : []).forEach(restoreDraft);
    markKeys();
  }

  const FAILURES = {
    0: "The server could not be reached. Nothing was saved; what you typed is still here.",
    401: "Your session has ended. Nothing was saved; what you typed is kept.",
    403: "You may not do this, or your session has ended. Nothing was saved; what you typed is kept.",
    404: "This is no longer here.",
    429: "Too many requests. Wait a minute, then try again.",
    500: "Something failed on the server. Nothing was saved; what you typed is still here.",
  };
  const isSignIn = (url) => Boolean(url && document.body.dataset.signIn && url.startsWith(document.body.dataset.signIn));
  const here = () => location.pathname + location.search;
  const signIn = (url) => ({
    href: url || `${document.body.dataset.signIn}?next=${encodeURIComponent(here())}`,
    text: "Sign in again",
  });
  const reload = () => ({ href: here(), text: "Load the page again" });

  function explainFailure(xhr) {
    const page = xhr.responseText ? new DOMParser().parseFromString(xhr.responseText, "text/html") : null;
    const told = page && one("[data-notice]", page);
    const text = told ? told.textContent : FAILURES[xhr.status] || FAILURES[500];
    showNotice("error", text.trim().replace(/\s+/g, " "), { 401: signIn, 403: reload }[xhr.status]?.());
  }

  const formOf = (event) => event.detail.requestConfig?.elt.closest("form");

  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
    if (!missLook(event)) explainFailure(event.detail.xhr);
  }));
  document.addEventListener("htmx:beforeRequest", (event) => formOf(event)?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const redirect = xhr.getResponseHeader("HX-Redirect");
    const isSignedOut = isSignIn(redirect) || xhr.responseText.includes('data-page="sign-in"');
    if (isSignedOut) {
      event.preventDefault();  // Stay on the page, where the typing is.
      if (!isLook(event) || !one("#notices a")) showNotice("error", FAILURES[401], signIn(redirect));
    } else if (formOf(event)?.dataset.draft && xhr.status < 300) dropDraft(formOf(event));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    formOf(event)?.removeAttribute("aria-busy");
    if (event.detail.successful && isLook(event)) one("#notices [data-lost]")?.remove();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    prepare(event.detail.elt);
    if (isLook(event)) hear(event.detail.elt); else settle(event.detail.elt);
  });

  forgetSentDraft();
  prepare(document);
  one(".error-summary[data-focus]")?.focus();
})();
