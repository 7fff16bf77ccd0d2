// Tabbed views, one of which is shown. The arrow keys move between the tabs.

import { el } from "./dom.js";

// Each view has an `id`, a `name` and `build`, which returns its content when it is first shown. `onSelect` is called
// with the id of the view that the user selects.
export function tabbed(label, views, selectedId, onSelect) {
  const tabs = views.map(({ id, name }) => el("button", { type: "button", role: "tab", class: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => choose(id) }, name));
  const panels = views.map(({ id }) => el("div", { role: "tabpanel", class: "panel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, tabindex: "0" }));
  const list = el("div", { role: "tablist", class: "tabs", "aria-label": label, onkeydown: (event) => move(event) }, tabs);
  const select = (id) => {
    views.forEach((view, index) => {
      const selected = view.id === id;
      tabs[index].setAttribute("aria-selected", String(selected));
      tabs[index].setAttribute("tabindex", selected ? "0" : "-1");
      panels[index].hidden = !selected;
      if (selected && !panels[index].childElementCount) panels[index].append(...[view.build()].flat());
    });
  };
  const choose = (id) => {
    select(id);
    onSelect(id);
  };
  const move = (event) => {
    const index = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const position = (next + tabs.length) % tabs.length;
    tabs[position].focus({ preventScroll: true });
    choose(views[position].id);
  };
  select(selectedId);
  return { list, panels };
}
