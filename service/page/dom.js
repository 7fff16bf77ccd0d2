// Elements from plain data. What comes from documents goes in as text, never as markup.

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

// Says something to screen readers without moving anything.
export function say(text) {
  document.getElementById("said").textContent = text;
}

// Shows a view and puts the reader at its start.
export function show(...nodes) {
  const view = document.getElementById("view");
  view.removeAttribute("aria-busy");
  view.replaceChildren(...nodes);
}

export function busy() {
  document.getElementById("view").setAttribute("aria-busy", "true");
}

export function failure(error) {
  return el("div", { class: "notice", role: "alert" }, el("p", {}, error.message));
}
