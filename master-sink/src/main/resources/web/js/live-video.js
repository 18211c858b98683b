// The element that shows live pictures which the browser plays itself.
import { el } from './dom.js';

export function createVideo() {
  const video = el('video', {
    class: 'live-video',
    playsinline: true,
    tabindex: '-1',
    'aria-hidden': 'true',
    data: { testid: 'live-video' },
  });
  video.muted = true;
  video.disableRemotePlayback = true; // else nothing is managed
  return video;
}
