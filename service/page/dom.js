// Builds elements. Text from documents is inserted as text, never as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

// Builds an SVG element.
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Announces a text to screen readers without moving the focus.
export function announce(text) {
  document.getElementById("announcement").textContent = text;
}

// Replaces the content of the main view.
export function show(...nodes) {
  const view = document.getElementById("view");
  view.removeAttribute("aria-busy");
  view.replaceChildren(...nodes);
}

export function markBusy() {
  document.getElementById("view").setAttribute("aria-busy", "true");
}

export function errorNotice(error) {
  return el("div", { class: "notice", role: "alert" }, el("p", {}, error.message));
}
