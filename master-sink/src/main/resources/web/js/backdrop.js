// What a camera sees, behind what is drawn on it: its latest segment, and as soon as it is there a
// picture of now.
import { snapshot } from './api.js';
import { el, letGo } from './dom.js';
import { draw } from './live-plain.js';
import { standing } from './still.js';

/** So long a picture is of now, for who draws on it: what is applied has the form filled anew. */
const FRESH_MS = 20_000;
let last = { id: '', at: 0, blob: null };

async function pictureOfNow(id) {
  if (last.id !== id || performance.now() - last.at > FRESH_MS) {
    const { blob } = await snapshot(id);
    last = { id, at: performance.now(), blob };
  }
  return createImageBitmap(last.blob);
}

/** Puts it into `stage`, which takes its shape; without a camera there is none. */
export async function fillBackdrop(stage, camera) {
  if (!camera) return;
  const show = (node, width, height) => {
    stage.querySelector('.zones-picture')?.remove();
    stage.style.aspectRatio = `${width} / ${height}`;
    stage.prepend(node);
  };
  let isNow = false;
  if (camera.latestSegment) {
    const video = standing(camera.latestSegment);
    video.className = 'zones-picture';
    video.addEventListener('loadedmetadata', () => {
      if (isNow) letGo(video);
      else show(video, video.videoWidth, video.videoHeight);
    });
  }
  if (camera.state !== 'recording') return;
  try {
    const picture = await pictureOfNow(camera.id);
    const canvas = el('canvas', { class: 'zones-picture', role: 'presentation', 'data-testid': 'picture-behind' });
    isNow = true;
    show(canvas, picture.width, picture.height);
    draw(canvas, picture);
  } catch {
    // One that films nothing just now has none: its latest segment stays.
  }
}
