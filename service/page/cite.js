// The menu that copies a citation.

import { FORMS } from "./citations.js";
import { el, say } from "./dom.js";

export function citeMenu(citation) {
  const summary = el("summary", {}, "Cite");
  const choices = Object.entries(FORMS).map(([name, form]) =>
    el("button", { type: "button", onclick: () => copied(form(citation), name, menu, summary) }, name),
  );
  const menu = el("details", { class: "menu", onkeydown: (event) => leave(event, menu, summary) }, summary);
  menu.append(el("div", { class: "choices" }, choices));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

export function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function leave(event, menu, summary) {
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  summary.focus();
}

async function copied(text, name, menu, summary) {
  const done = await copy(text);
  menu.open = false;
  summary.focus();
  const told = done ? `Copied as ${name}` : "The browser did not let the page copy";
  say(told);
  summary.textContent = told;
  setTimeout(() => (summary.textContent = "Cite"), 2000);
}

// The clipboard is there only on secure origins; elsewhere a selected text is copied the old way.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
