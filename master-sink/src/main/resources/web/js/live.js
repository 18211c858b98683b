// Live pictures of one camera: fragments of MP4 over a WebSocket into Media Source. Whoever falls
// behind jumps to the newest picture; a picture that stands still says how old it is.
import * as api from './api.js';
import { el, setText, show } from './dom.js';
import * as f from './format.js';
import { strings as S } from './strings.js';

const LOOK_MS = 250;
/** How far behind the newest picture is fine; beyond that it is caught up with. */
const [CALM_S, FAR_S] = [0.1, 0.8];
/** A picture of that age is no live picture any more. */
const STALE_MS = 2500;
const KEPT_S = 4;
const AGAIN_MS = [500, 1000, 2000, 5000, 10_000];

export const canPlayLive = () => 'MediaSource' in window && 'WebSocket' in window;

/** `{root, want(on)}`: shows `id` while it is wanted, in sight, and the page is. */
export function createLive(id, { onChange = () => {} } = {}) {
  const video = el('video', {
    class: 'live-video',
    playsinline: true,
    tabindex: '-1',
    'aria-hidden': 'true',
    data: { testid: 'live-video' },
  });
  video.muted = true;
  const age = el('span', { class: 'live-age', role: 'status', hidden: true });
  const root = el('div', { class: 'live', hidden: true }, video, age);
  let wanted = false;
  let inSight = false;
  let socket = null;
  let stream = null; // what is being played: {startMs, buffer, queue}
  let arrived = 0; // when the last picture came
  let failures = 0;
  let timer = 0;

  const isOn = () => wanted && inSight && !document.hidden;

  function update() {
    if (isOn() && !socket && !timer) connect();
    else if (!isOn()) stop();
  }

  function connect() {
    timer = 0;
    socket = new WebSocket(api.liveUrl(id));
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') begin(JSON.parse(data));
      else if (stream) put(data);
    };
    socket.onclose = () => {
      socket = null;
      if (!isOn()) return;
      timer = setTimeout(() => {
        timer = 0;
        update();
      }, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]);
      failures += 1;
    };
  }

  /** A stream begins, or begins anew with other parameters. */
  function begin({ codec, start, width, height }) {
    const type = `video/mp4; codecs="${codec}"`;
    if (!MediaSource.isTypeSupported(type)) {
      wanted = false;
      stop();
      return;
    }
    end();
    const source = new MediaSource();
    const mine = { startMs: Date.parse(start), buffer: null, queue: [], url: URL.createObjectURL(source) };
    stream = mine;
    root.style.setProperty('--live-ratio', `${width} / ${height}`);
    source.addEventListener(
      'sourceopen',
      () => {
        if (stream !== mine) return;
        source.duration = Infinity;
        mine.buffer = source.addSourceBuffer(type);
        mine.buffer.mode = 'segments';
        mine.buffer.addEventListener('updateend', feed);
        feed();
      },
      { once: true },
    );
    video.src = mine.url;
    video.play().catch(() => {});
  }

  function put(data) {
    arrived = Date.now();
    failures = 0;
    stream.queue.push(data);
    feed();
  }

  function feed() {
    const { buffer, queue } = stream ?? {};
    if (!buffer || buffer.updating) return;
    try {
      const old = video.currentTime - KEPT_S * 2;
      if (buffer.buffered.length && buffer.buffered.start(0) < old) {
        buffer.remove(0, video.currentTime - KEPT_S);
      } else if (queue.length) {
        buffer.appendBuffer(queue.length === 1 ? queue.shift() : joined(queue.splice(0)));
      }
    } catch {
      socket?.close(); // what cannot be played is begun anew
    }
  }

  /** Stays at the newest picture: a little faster where a little behind, a jump where far. */
  function look() {
    const buffer = stream?.buffer;
    if (buffer?.buffered.length) {
      const newest = buffer.buffered.end(buffer.buffered.length - 1);
      const behind = newest - video.currentTime;
      if (behind > FAR_S || behind < -0.2) video.currentTime = Math.max(0, newest - 0.02);
      video.playbackRate = behind > CALM_S && behind <= FAR_S ? 1.1 : 1;
      if (video.paused) video.play().catch(() => {});
    }
    const isShown = Boolean(stream) && video.readyState >= 2;
    const old = Date.now() - arrived;
    const isStale = isShown && old > STALE_MS;
    if (isStale) setText(age, S.pictureOfAge(f.age(old)));
    show(age, isStale);
    root.dataset.live = isShown && !isStale;
    show(root, isShown);
    onChange(isShown && !isStale);
  }

  function end() {
    if (!stream) return;
    URL.revokeObjectURL(stream.url);
    stream = null;
    video.removeAttribute('src');
    video.load();
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    const open = socket;
    socket = null;
    if (open) {
      open.onclose = null;
      open.onmessage = null;
      open.close();
    }
    end();
    show(root, false);
    onChange(false);
  }

  // The root is hidden until there is a picture: its parent is what comes into sight.
  const seen = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    update();
  });
  document.addEventListener('visibilitychange', update);
  const looks = setInterval(() => (stream || socket) && look(), LOOK_MS);
  return {
    root,
    watch(parent) {
      seen.observe(parent);
    },
    want(on) {
      if (wanted === on) return;
      wanted = on;
      update();
    },
    /** Forgets all of it. */
    drop() {
      wanted = false;
      clearInterval(looks);
      seen.disconnect();
      document.removeEventListener('visibilitychange', update);
      stop();
    },
    /** Wall time of the picture on show, in ms; null where none is. */
    shownAt: () => (stream ? stream.startMs + video.currentTime * 1000 : null),
  };
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all;
}
