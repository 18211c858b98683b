// Live pictures into Media Source: fragments of MP4 over a WebSocket. Whoever falls behind jumps to
// the newest picture.
import * as api from './api.js';
import { letGo } from './dom.js';
import { createVideo } from './live-video.js';

/** How far behind the newest picture is fine; beyond that it is caught up with. */
const [CALM_S, FAR_S] = [0.1, 0.8];
const KEPT_S = 4;
/** A proxy that lets no socket through may also not say so. */
const OPEN_MS = 4000;

/** On an iPhone there is the one that is managed, and no other. */
const Source = window.MediaSource ?? window.ManagedMediaSource;

export const canStream = () => Boolean(Source) && 'WebSocket' in window;

/** A way to show a camera, as `live.js` wants it; begins at once. */
export function createStream(id, { onPicture, onLost, onAnew, onUnplayable }) {
  const video = createVideo();
  video.addEventListener('loadeddata', onPicture);
  let socket = new WebSocket(api.liveUrl(id));
  let stream = null; // what is being played: {startMs, buffer, queue}
  let arrived = 0; // when the last picture came
  socket.binaryType = 'arraybuffer';
  setTimeout(() => socket?.readyState === WebSocket.CONNECTING && socket.close(), OPEN_MS);
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') begin(JSON.parse(data));
    else if (stream) put(data);
  };
  socket.onclose = () => {
    socket = null;
    onLost();
  };

  /** A stream begins, or begins anew with other parameters. */
  function begin({ codec, start }) {
    const type = `video/mp4; codecs="${codec}"`;
    if (!Source.isTypeSupported(type)) {
      onUnplayable();
      return;
    }
    onAnew();
    end();
    const source = new Source();
    const mine = { startMs: Date.parse(start), buffer: null, queue: [], url: URL.createObjectURL(source) };
    stream = mine;
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
    if (!buffer?.buffered.length || !socket) return;
    const newest = buffer.buffered.end(buffer.buffered.length - 1);
    const behind = newest - video.currentTime;
    if (behind > FAR_S || behind < -0.2) video.currentTime = Math.max(0, newest - 0.02);
    video.playbackRate = behind > CALM_S && behind <= FAR_S ? 1.1 : 1;
    if (video.paused) video.play().catch(() => {});
  }

  function end() {
    if (!stream) return;
    URL.revokeObjectURL(stream.url);
    stream = null;
    letGo(video);
  }

  /** Hangs up; the last picture stays. */
  function hold() {
    const was = socket;
    socket = null;
    video.pause();
    if (!was) return;
    was.onclose = null;
    was.onmessage = null;
    was.close();
  }

  return {
    node: video,
    mostLateMs: 3000,
    canSkip: true,
    hold,
    look,
    close() {
      hold();
      end();
    },
    arrived: () => arrived,
    isShown: () => Boolean(stream) && video.readyState >= 2,
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
