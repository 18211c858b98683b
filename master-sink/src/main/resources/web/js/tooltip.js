// One tooltip, kept inside the window. For eyes only: what it says is in the names, too.
import { posterUrl } from './api.js';
import { el, setText, show } from './dom.js';
import * as f from './format.js';
import { strings as S } from './strings.js';

/** Whoever passes by quickly asks for no pictures. */
const CALM_MS = 90;
/** Further from the moment than that, the picture says when it was taken. */
const NEAR_MS = 5000;

export function createTooltip() {
  const title = el('div', { class: 'tooltip-title' });
  const lines = el('div', { class: 'tooltip-lines' });
  const picture = el('img', { class: 'tooltip-picture', alt: '' });
  const taken = el('span', { class: 'tooltip-taken' });
  const poster = el('div', { class: 'tooltip-poster', hidden: true }, picture, taken);
  const node = el(
    'div',
    { class: 'tooltip', 'aria-hidden': 'true', hidden: true, data: { testid: 'tooltip' } },
    poster,
    title,
    lines,
  );
  document.body.append(node);
  let timer = 0;
  picture.addEventListener('error', () => show(poster, false));

  /** The still of the segment that is pointed at; the one before stays until the new one is there. */
  function showPoster(segment, at) {
    clearTimeout(timer);
    if (!segment) {
      show(poster, false);
      picture.removeAttribute('src');
      return;
    }
    show(taken, Math.abs(at - segment.t0) > NEAR_MS);
    const url = posterUrl(segment.id);
    const load = () => {
      setText(taken, S.takenAt(f.clock(segment.t0)));
      if (picture.src === url) return;
      picture.style.aspectRatio = `${segment.width} / ${segment.height}`;
      picture.src = url;
      show(poster, true);
    };
    timer = setTimeout(load, CALM_MS);
  }

  return {
    /** Shows it centred over (x, y) of the window. */
    show(x, y, content) {
      title.textContent = content.title;
      showPoster(content.poster, content.at);
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
      clearTimeout(timer);
      node.hidden = true;
    },
  };
}
