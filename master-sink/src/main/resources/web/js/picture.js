// A picture of now: shown, and to be kept as a file.
import * as api from './api.js';
import { button, el, setText } from './dom.js';
import * as f from './format.js';
import { draw } from './live-plain.js';
import { createSheet } from './sheet.js';
import { strings as S } from './strings.js';

/** Returns the function that takes one of a camera and shows it. */
export function createPictureOfNow({ notify }) {
  let url = '';
  const canvas = el('canvas', { class: 'picture-canvas', role: 'img', 'data-testid': 'picture' });
  const when = el('p', { class: 'picture-when' });
  const keep = el('a', { class: 'button button-primary', text: S.keepPicture, 'data-testid': 'picture-keep' });
  const again = button({ text: S.anotherPicture, label: S.anotherPicture }, () => take(shown));
  let shown = null;
  const sheet = createSheet(S.pictureOfNow, { testid: 'picture-sheet', hidden: forget });
  sheet.root.classList.add('sheet-picture');
  sheet.body.append(canvas, el('div', { class: 'picture-foot' }, when, again, keep));

  function forget() {
    URL.revokeObjectURL(url);
    url = '';
  }

  async function take(camera) {
    again.disabled = true;
    try {
      const { blob, at } = await api.snapshot(camera.id);
      const picture = await createImageBitmap(blob);
      forget();
      draw(canvas, picture);
      canvas.setAttribute('aria-label', S.pictureOf(camera.name, f.clock(at)));
      setText(when, S.pictureOf(camera.name, f.preciseClock(at)));
      url = URL.createObjectURL(blob);
      keep.href = url;
      keep.download = `${camera.id}_${new Date(at).toISOString().replaceAll(':', '-')}.jpg`;
      shown = camera;
      sheet.open();
    } catch (error) {
      notify(S.notDone(error.message));
    } finally {
      again.disabled = false;
    }
  }

  return take;
}
