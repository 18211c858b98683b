// Plays segment after segment without a stop: two video elements, one on show, the other already
// holding what comes next.
import { playUrl } from './api.js';
import { letGo, silentVideo } from './dom.js';

/** Seconds before the end at which the next segment is fetched. */
const PRELOAD_BEFORE_S = 30;

export class Playback extends EventTarget {
  #shown;
  #spare;
  #rate = 1;

  #testid;

  /** `testid` names the video that is on show. */
  constructor(stage, testid = 'player-video') {
    super();
    this.#testid = testid;
    [this.#shown, this.#spare] = [this.#video(), this.#video()];
    stage.prepend(this.#shown, this.#spare);
    this.#mark();
    this.segment = null;
    this.next = null;
  }

  #video() {
    const video = silentVideo({ class: 'player-video', preload: 'auto' });
    const tell = (type) => () => video === this.#shown && this.dispatchEvent(new Event(type));
    for (const type of ['play', 'pause', 'ended', 'error', 'waiting', 'seeked', 'timeupdate']) {
      video.addEventListener(type, tell(type));
    }
    video.addEventListener('playing', () => {
      tell('ready')();
      this.#watchFrames(video);
    });
    video.addEventListener('loadeddata', tell('ready'));
    video.addEventListener('timeupdate', () => this.#preload());
    return video;
  }

  /** Each shown frame tells its time where the browser can say it, so that the clock is exact. */
  #watchFrames(video) {
    if (!video.requestVideoFrameCallback || video.dataset.watched) return;
    video.dataset.watched = 'yes';
    const frame = () => {
      if (video === this.#shown) this.dispatchEvent(new Event('frame'));
      if (video.paused || video.ended) delete video.dataset.watched;
      else video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  }

  #mark() {
    this.#shown.dataset.testid = this.#testid;
    this.#shown.classList.add('on-show');
    delete this.#spare.dataset.testid;
    this.#spare.classList.remove('on-show');
  }

  /** Shows `segment` from `seconds` on. */
  open(segment, seconds, play) {
    if (this.segment?.id !== segment.id) {
      if (this.#spare.dataset.segment === segment.id) {
        [this.#shown, this.#spare] = [this.#spare, this.#shown];
        this.#spare.pause();
      } else {
        this.#load(this.#shown, segment);
      }
      this.#mark();
      this.segment = segment;
      this.next = null;
    }
    this.seek(seconds);
    this.#shown.playbackRate = this.#rate;
    if (play) this.play();
    if (this.#shown.readyState >= 2) this.dispatchEvent(new Event('ready'));
  }

  #load(video, segment) {
    video.dataset.segment = segment.id;
    video.src = playUrl(segment.id);
    video.defaultPlaybackRate = this.#rate;
  }

  /** Names what follows; it is fetched when the end comes near. */
  follow(next) {
    this.next = next;
    this.#preload();
  }

  #preload() {
    if (!this.segment || !this.next || this.#spare.dataset.segment === this.next.id) return;
    const left = (this.segment.t1 - this.segment.t0) / 1000 - this.seconds;
    if (left < PRELOAD_BEFORE_S * this.#rate) this.#load(this.#spare, this.next);
  }

  play() {
    this.#shown.play().catch((error) => {
      // A newer request replaced this one, or the video cannot be played: `error` tells that.
      if (error.name === 'NotAllowedError') this.dispatchEvent(new Event('pause'));
    });
  }

  pause() {
    this.#shown.pause();
  }

  get isPaused() {
    return this.#shown.paused;
  }

  get isEnded() {
    return this.#shown.ended;
  }

  get seconds() {
    return this.#shown.currentTime;
  }

  get error() {
    return this.#shown.error;
  }

  seek(seconds) {
    if (Math.abs(this.#shown.currentTime - seconds) > 0.01)
      this.#shown.currentTime = Math.max(0, seconds);
  }

  get rate() {
    return this.#rate;
  }

  set rate(rate) {
    this.#rate = rate;
    for (const video of [this.#shown, this.#spare]) video.playbackRate = rate;
  }

  get isMuted() {
    return this.#shown.muted;
  }

  set isMuted(muted) {
    for (const video of [this.#shown, this.#spare]) video.muted = muted;
  }

  /** Lets go of both videos. */
  close() {
    this.segment = null;
    this.next = null;
    for (const video of [this.#shown, this.#spare]) {
      video.pause();
      delete video.dataset.segment;
      letGo(video);
    }
  }
}
