// Live pictures where there is no Media Source: HLS where the browser plays that itself, some seconds
// late; and one picture after the other where it plays neither.
import * as api from './api.js';
import { el } from './dom.js';

const EVERY_MS = 500;
/** A player that has not moved for so long is begun anew. */
const STUCK_MS = 10_000;
const PLAYLIST = 'application/vnd.apple.mpegurl';

export const canPlayList = () => document.createElement('video').canPlayType(PLAYLIST) !== '';

/** HLS, as `live.js` wants it. */
export function createList(id, { onLost }) {
  const video = el('video', {
    class: 'live-video',
    playsinline: true,
    tabindex: '-1',
    'aria-hidden': 'true',
    data: { testid: 'live-video' },
  });
  video.muted = true;
  let isOpen = false;
  let moved = 0; // when the picture last moved
  let at = 0;
  video.addEventListener('error', () => isOpen && onLost());

  return {
    node: video,
    open() {
      isOpen = true;
      moved = Date.now();
      video.src = api.playlistUrl(id);
      video.play().catch(() => {});
    },
    hold() {
      isOpen = false;
      video.pause();
    },
    look() {
      if (!isOpen) return;
      if (video.currentTime !== at) moved = Date.now();
      at = video.currentTime;
      if (Date.now() - moved > STUCK_MS) onLost();
      else if (video.paused) video.play().catch(() => {});
    },
    close() {
      isOpen = false;
      at = 0;
      video.removeAttribute('src');
      video.load();
    },
    arrived: () => moved,
    isShown: () => video.hasAttribute('src') && video.readyState >= 2,
    shownAt() {
      const start = video.getStartDate?.().getTime();
      return start > 0 ? start + video.currentTime * 1000 : null;
    },
  };
}

/** Pictures of now, two a second, as `live.js` wants it. Each says when it was filmed. */
export function createPictures(id, { onLost }) {
  const canvas = el('canvas', { class: 'live-video', 'aria-hidden': 'true', data: { testid: 'live-video' } });
  let round = 0; // another one has begun, or none, where it has changed
  let arrived = 0;
  let shownAt = null;

  async function run(mine) {
    while (mine === round) {
      const begin = Date.now();
      try {
        const { blob, at } = await api.snapshot(id);
        const picture = await createImageBitmap(blob);
        if (mine !== round) return;
        draw(canvas, picture);
        arrived = Date.now();
        shownAt = at;
      } catch {
        if (mine === round) onLost();
        return;
      }
      await new Promise((done) => setTimeout(done, EVERY_MS - (Date.now() - begin)));
    }
  }

  function hold() {
    round += 1;
  }

  return {
    node: canvas,
    open() {
      round += 1;
      run(round);
    },
    hold,
    look() {},
    close() {
      hold();
      shownAt = null;
    },
    arrived: () => arrived,
    isShown: () => shownAt !== null,
    shownAt: () => shownAt,
  };
}

/** Draws a picture in its own size, and frees it. */
export function draw(canvas, picture) {
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  picture.close();
}
