// One tooltip, kept inside the window. For eyes only: what it says is in the names, too.
import { el } from './dom.js';

export function createTooltip() {
  const title = el('div', { class: 'tooltip-title' });
  const lines = el('div', { class: 'tooltip-lines' });
  const node = el('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true }, title, lines);
  document.body.append(node);
  return {
    /** Shows it centred over (x, y) of the window. */
    show(x, y, content) {
      title.textContent = content.title;
      lines.replaceChildren(
        ...content.lines.map((l) =>
          el('div', { class: 'tooltip-line', text: l.text, data: { kind: l.kind ?? '' } }),
        ),
      );
      node.hidden = false;
      const { width, height } = node.getBoundingClientRect();
      const left = Math.max(8, Math.min(window.innerWidth - width - 8, x - width / 2));
      const above = y - height - 8;
      const top = above < 8 ? y + 48 : above;
      node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    },
    hide() {
      node.hidden = true;
    },
  };
}
