/** Drawing anew without taking the focus away: whoever had it is found again by its `data-key`. */

export function keepFocus(root, draw) {
  const key = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (!key || root.contains(document.activeElement)) return;
  root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
