// The last picture of a camera: the still that it made of its latest segment, or the beginning of its
// video where it made none. The new one is loaded behind the old one and swapped in when its picture
// is there, so nothing flickers.
import { playUrl, posterUrl } from './api.js';
import { el, letGo, silentVideo } from './dom.js';

const EVERY_MS = 4000;

/** `{root, show(segmentId), drop()}`. */
export function createStill() {
  const root = el('div', { class: 'still', 'aria-hidden': 'true' });
  let shown = null;
  let loading = null;
  let wanted = null;
  let lastLoad = 0;
  let timer = 0;
  let visible = false;

  function load() {
    timer = 0;
    if (!visible || document.hidden || !wanted || loading || wanted === shown?.dataset.segment)
      return;
    const pause = EVERY_MS - (performance.now() - lastLoad);
    if (shown && pause > 0) {
      timer = setTimeout(load, pause);
      return;
    }
    lastLoad = performance.now();
    const segment = wanted;
    begin(poster(segment), 'load', () => begin(standing(segment), 'loadeddata', load));
  }

  /** Loads a picture; where it cannot be had, goes on with what else there is to do. */
  function begin(picture, ready, otherwise) {
    loading = picture;
    picture.addEventListener(ready, () => swap(picture), { once: true });
    picture.addEventListener(
      'error',
      () => {
        loading = null;
        release(picture);
        if (picture instanceof HTMLVideoElement && wanted === picture.dataset.segment)
          wanted = shown?.dataset.segment ?? null;
        otherwise();
      },
      { once: true },
    );
    root.append(picture);
  }

  function swap(picture) {
    const old = shown;
    shown = picture;
    loading = null;
    root.classList.add('has-picture');
    picture.classList.add('on-show');
    // The old picture stays beneath until the new one has faded in.
    setTimeout(() => old && release(old), 400);
    if (wanted !== picture.dataset.segment) load();
  }

  const seen = new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    load();
  });
  seen.observe(root);
  document.addEventListener('visibilitychange', load);

  return {
    root,
    show(segmentId) {
      wanted = segmentId;
      if (!timer) load();
    },
    /** Lets go of it. */
    drop() {
      wanted = null;
      clearTimeout(timer);
      seen.disconnect();
      document.removeEventListener('visibilitychange', load);
      for (const picture of [shown, loading]) if (picture) release(picture);
      root.remove();
    },
  };
}

function poster(segment) {
  return el('img', { alt: '', src: posterUrl(segment), data: { segment } });
}

/** A video that stands still on the beginning of a segment, once that is there. */
export function standing(segment) {
  const node = silentVideo({ preload: 'metadata', data: { segment } });
  node.src = `${playUrl(segment)}#t=0.1`;
  return node;
}

function release(picture) {
  picture.remove();
  letGo(picture);
}
