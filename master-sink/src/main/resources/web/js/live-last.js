// The last live picture that this page has seen of a camera: for when it films no more.
import { el } from './dom.js';
import { latestTime, state } from './store.js';

/** Footage that begins so long after a picture has a newer one. */
const NEWER_MS = 60_000;
/** Camera id → {canvas, at}. */
const kept = new Map();

/** Keeps what a way of `live.js` shows, which was of now at `at`. */
export function keepLast(id, { node }, at) {
  if (kept.get(id)?.at >= at) return;
  const [width, height] = [node.videoWidth ?? node.width, node.videoHeight ?? node.height];
  kept.set(id, { canvas: copyOf(node, width, height), at });
}

/**
 * That picture, as `live.js` wants it, and never one of now; null where there is none, or the
 * latest footage is newer: nobody was looking when that was filmed.
 */
export function createLast(id) {
  const last = kept.get(id);
  if (!last || latestTime(state.cameras.get(id)) > last.at + NEWER_MS) return null;
  return {
    node: copyOf(last.canvas, last.canvas.width, last.canvas.height),
    mostLateMs: -1,
    canSkip: false,
    hold() {},
    look() {},
    close() {},
    arrived: () => last.at,
    isShown: () => true,
    shownAt: () => null,
  };
}

/** One may be on the wall while another is seen alone. */
function copyOf(picture, width, height) {
  const canvas = el('canvas', { class: 'live-video', 'aria-hidden': 'true', data: { testid: 'live-last' }, width, height });
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return canvas;
}
