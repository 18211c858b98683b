// The last picture of a camera: a still of its latest segment. The new one is loaded behind the old
// one and swapped in when its picture is there, so nothing flickers.
import { videoUrl } from './api.js';
import { el } from './dom.js';

const EVERY_MS = 4000;

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
    const video = el('video', {
      muted: true,
      playsinline: true,
      preload: 'metadata',
      tabindex: '-1',
      data: { segment: wanted },
    });
    video.muted = true;
    loading = video;
    video.addEventListener('loadeddata', () => swap(video), { once: true });
    video.addEventListener('error', () => drop(video), { once: true });
    video.src = `${videoUrl(wanted)}#t=0.1`;
    root.append(video);
  }

  function swap(video) {
    const old = shown;
    shown = video;
    loading = null;
    root.classList.add('has-picture');
    video.classList.add('on-show');
    // The old picture stays beneath until the new one has faded in.
    setTimeout(() => old && release(old), 400);
    if (wanted !== video.dataset.segment) load();
  }

  function drop(video) {
    loading = null;
    if (wanted === video.dataset.segment) wanted = shown?.dataset.segment ?? null;
    release(video);
    load();
  }

  new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    load();
  }).observe(root);
  document.addEventListener('visibilitychange', load);

  return {
    root,
    show(segmentId) {
      wanted = segmentId;
      if (!timer) load();
    },
  };
}

/** Frees the decoder at once instead of when the collector gets to it. */
function release(video) {
  video.remove();
  video.removeAttribute('src');
  video.load();
}
