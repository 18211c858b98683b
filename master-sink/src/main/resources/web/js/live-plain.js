// Live pictures where there is no Media Source: HLS where the browser plays that itself, some seconds
// late; and one picture after the other where it plays neither.
import * as api from './api.js';
import { el, letGo } from './dom.js';
import { createVideo } from './live-video.js';

const EVERY_MS = 500;
const PLAYLIST = 'application/vnd.apple.mpegurl';

export const canPlayList = () => document.createElement('video').canPlayType(PLAYLIST) !== '';

/** HLS, as `live.js` wants it; begins at once. */
export function createList(id, { onPicture, onLost }) {
  const video = createVideo();
  let isOpen = true;
  let moved = Date.now(); // when the picture last moved
  let at = 0;
  video.addEventListener('loadeddata', onPicture);
  video.addEventListener('error', () => isOpen && onLost());
  video.src = api.playlistUrl(id);
  video.play().catch(() => {});

  function hold() {
    isOpen = false;
    video.pause();
  }

  return {
    node: video,
    mostLateMs: 10_000, // a player keeps some segments in hand
    canSkip: true,
    hold,
    look() {
      if (!isOpen) return;
      if (video.currentTime !== at) moved = Date.now();
      at = video.currentTime;
      if (video.paused) video.play().catch(() => {});
    },
    close() {
      hold();
      letGo(video);
    },
    arrived: () => moved,
    isShown: () => video.hasAttribute('src') && video.readyState >= 2,
    shownAt() {
      const start = video.getStartDate?.().getTime();
      return start > 0 ? start + video.currentTime * 1000 : null;
    },
  };
}

/** Pictures of now, two a second, as `live.js` wants it; begins at once. Each says when it was filmed. */
export function createPictures(id, { onPicture, onLost }) {
  const canvas = el('canvas', { class: 'live-video', 'aria-hidden': 'true', data: { testid: 'live-video' } });
  let isOpen = true;
  let arrived = 0;
  let shownAt = null;
  run();

  async function run() {
    while (isOpen) {
      const begin = Date.now();
      try {
        const { blob, at } = await api.snapshot(id);
        const picture = await createImageBitmap(blob);
        if (!isOpen) return;
        draw(canvas, picture);
        arrived = Date.now();
        shownAt = at;
        onPicture();
      } catch {
        if (isOpen) onLost();
        return;
      }
      await new Promise((done) => setTimeout(done, EVERY_MS - (Date.now() - begin)));
    }
  }

  function hold() {
    isOpen = false;
  }

  return {
    node: canvas,
    mostLateMs: 3000,
    canSkip: false, // each is the newest already
    hold,
    look() {},
    close: hold,
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
