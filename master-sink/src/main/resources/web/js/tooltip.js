// One tooltip, kept inside the window. For eyes only: what it says is in the names, too.
import { playUrl, posterUrl } from './api.js';
import { el, letGo, setText, show, silentVideo } from './dom.js';
import * as f from './format.js';
import { strings as S } from './strings.js';

/** Whoever passes by quickly asks for no pictures. */
const CALM_MS = 90;
/** Whoever stays is shown the moment itself. */
const STAY_MS = 250;
/** Further from the moment than that, the picture says when it was taken. */
const NEAR_MS = 5000;

export function createTooltip() {
  const title = el('div', { class: 'tooltip-title' });
  const lines = el('div', { class: 'tooltip-lines' });
  const still = createMoment();
  const node = el(
    'div',
    { class: 'tooltip', 'aria-hidden': 'true', hidden: true, data: { testid: 'tooltip' } },
    still.root,
    title,
    lines,
  );
  document.body.append(node);

  return {
    /** Shows it centred over (x, y) of the window. */
    show(x, y, content) {
      title.textContent = content.title;
      still.show(content.poster, content.at);
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
      still.show(null);
      node.hidden = true;
    },
  };
}

/** A picture of a moment: at once the still of its segment, then the picture of just then. */
function createMoment() {
  const picture = el('img', { class: 'tooltip-picture', alt: '' });
  const film = silentVideo({
    class: 'tooltip-picture tooltip-film',
    preload: 'metadata',
    hidden: true,
  });
  const taken = el('span', { class: 'tooltip-taken' });
  const root = el('div', { class: 'tooltip-poster', hidden: true }, picture, film, taken);
  let timer = 0;
  let wanted = null; // {segment, at}
  picture.addEventListener('error', () => show(root, false));
  film.addEventListener('seeked', () => {
    if (!wanted || film.dataset.segment !== wanted.segment.id) return;
    show(root, true);
    show(film, true);
    show(taken, false);
  });

  function showStill({ segment, at }) {
    show(taken, Math.abs(at - segment.t0) > NEAR_MS);
    setText(taken, S.takenAt(f.clock(segment.t0)));
    const url = posterUrl(segment.id);
    if (picture.src !== url) {
      root.style.aspectRatio = `${segment.width} / ${segment.height}`;
      picture.src = url;
      show(root, true);
    }
  }

  function showFilm({ segment, at }) {
    if (film.dataset.segment !== segment.id) {
      film.dataset.segment = segment.id;
      film.src = playUrl(segment.id);
    }
    film.currentTime = (at - segment.t0) / 1000;
  }

  function release() {
    show(film, false);
    if (!film.dataset.segment) return;
    delete film.dataset.segment;
    letGo(film);
  }

  return {
    root,
    /** Nothing of no segment. The picture before stays until the new one is there. */
    show(segment, at) {
      clearTimeout(timer);
      const before = wanted;
      wanted = segment ? { segment, at } : null;
      if (before?.segment !== wanted?.segment) release();
      if (!wanted) {
        show(root, false);
        letGo(picture);
        return;
      }
      timer = setTimeout(() => {
        if (film.hidden) showStill(wanted);
        timer = setTimeout(() => showFilm(wanted), STAY_MS - CALM_MS);
      }, CALM_MS);
    },
  };
}
