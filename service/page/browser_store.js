// Lists that are stored only in this browser, until they are cleared. Each address of a service has its own lists.

const PREFIX = `wherefrom:${new URL(".", location.href).pathname}:`;
const unsaved = new Map();

export function readList(name) {
  if (unsaved.has(name)) return unsaved.get(name);
  try {
    const list = JSON.parse(localStorage.getItem(PREFIX + name));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

// Stores a list; returns whether that succeeded. If not, as in some private windows, it lasts as long as the page.
export function writeList(name, list) {
  try {
    if (list.length) localStorage.setItem(PREFIX + name, JSON.stringify(list));
    else localStorage.removeItem(PREFIX + name);
    unsaved.delete(name);
    return true;
  } catch {
    unsaved.set(name, list);
    return false;
  }
}

// Returns whether the list lasts longer than the page, as far as is known.
export function isStored(name) {
  return !unsaved.has(name);
}

// Calls `onChange` when another tab changes the list.
export function watchList(name, onChange) {
  addEventListener("storage", (event) => (event.key === PREFIX + name || event.key === null) && onChange());
}
