// The menu that copies a citation.

import { CITATION_FORMATS } from "./citations.js";
import { el, announce } from "./dom.js";

export function citeMenu(citation) {
  const summary = el("summary", {}, "Cite");
  const choices = Object.entries(CITATION_FORMATS).map(([name, format]) =>
    el("button", { type: "button", onclick: () => copyCitation(format(citation), name, menu, summary) }, name),
  );
  const menu = el("details", { class: "menu", onkeydown: (event) => closeOnEscape(event, menu, summary) }, summary);
  menu.append(el("div", { class: "choices" }, choices));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

export function closeCiteMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function closeOnEscape(event, menu, summary) {
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  summary.focus();
}

async function copyCitation(text, name, menu, summary) {
  const copied = await copyText(text);
  menu.open = false;
  summary.focus();
  const message = copied ? `Copied as ${name}` : "The browser blocked copying";
  announce(message);
  summary.textContent = message;
  setTimeout(() => (summary.textContent = "Cite"), 2000);
}

// The clipboard API exists only on secure origins; elsewhere a selected text is copied with execCommand.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
