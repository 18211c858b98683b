// The element that shows live pictures which the browser plays itself.
import { silentVideo } from './dom.js';

export function createVideo() {
  const video = silentVideo({
    class: 'live-video',
    'aria-hidden': 'true',
    data: { testid: 'live-video' },
  });
  video.disableRemotePlayback = true; // else nothing is managed
  return video;
}
