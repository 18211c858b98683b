// The master's HTTP interface. Addresses are relative, so that a reverse proxy may add a path.

import { strings as S } from './strings.js';

const BASE = new URL('api/v1/', document.baseURI);
const TIMEOUT_MS = 10_000;
/** There a refusal means that the password until now is wrong, not that nobody is signed in. */
const PASSWORD = 'me/password';

/** The master's clock minus the browser's, learnt from answers; small differences are latency. */
let offsetMs = 0;

/** Now by the master's clock: ages of heartbeats are right although this device's clock is not. */
export const now = () => Date.now() + offsetMs;

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function answer(path, { method = 'GET', query = {}, body, patience } = {}) {
  const url = address(path, query);
  const response = await send(url, method, body, patience);
  learnClock(response.headers.get('Date'));
  if (response.status === 401 && path !== PASSWORD) {
    location.assign(new URL('signed-out.html', document.baseURI));
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(
      problem.detail || problem.title || `HTTP ${response.status}`,
      response.status,
    );
  }
  return response;
}

async function request(path, options) {
  const response = await answer(path, options);
  return response.status === 204 ? null : response.json();
}

/** A picture of now: `{blob, at}`, and when it was filmed. */
export async function snapshot(id) {
  const response = await answer(`${cameraPath(id)}/snapshot.jpg`);
  return { blob: await response.blob(), at: Date.parse(response.headers.get('X-Captured-At')) };
}

function address(path, query) {
  const url = new URL(path, BASE);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(key, value);
  }
  return url;
}

async function send(url, method, body, patience = TIMEOUT_MS) {
  try {
    return await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(method === 'GET' ? {} : { 'X-RaspberrySpy': '1' }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new ApiError(S.masterSilent, 0); // The browser's own words are for developers.
  }
}

function learnClock(date) {
  const difference = Date.parse(date) - Date.now();
  if (Number.isFinite(difference)) offsetMs = Math.abs(difference) > 2000 ? difference : 0;
}

const iso = (t) => (t === undefined ? undefined : new Date(t).toISOString());
const segmentPath = (id) => `segments/${encodeURIComponent(id)}`;

export const cameras = () => request('cameras');
const cameraPath = (id) => `cameras/${encodeURIComponent(id)}`;

/** Asks something of a camera: start, stop, flush or restart. */
export const command = (id, word) =>
  request(`${cameraPath(id)}/commands`, { method: 'POST', body: { command: word } });
/** Takes a camera off the wall; its footage stays. */
export const removeCamera = (id) => request(cameraPath(id), { method: 'DELETE' });
export const nameCamera = (id, name) =>
  request(`${cameraPath(id)}/name`, { method: 'PUT', body: { name } });
export const cameraSettings = (id) => request(`${cameraPath(id)}/settings`);
/** Sets a camera: `values` is what differs from its own; `base` the version that was seen. */
export const setCamera = (id, base, values) =>
  request(`${cameraPath(id)}/settings`, { method: 'PUT', body: { base, values } });
export const storage = (options) => request('storage', options);
export const days = () => request('days');
export const segment = (id) => request(segmentPath(id));
export const segments = ({ from, to, after, limit = 1000, camera, order = 'asc' }) =>
  request('segments', {
    query: { camera, from: iso(from), to: iso(to), after, limit, order },
  });
export const events = ({ from, to }) =>
  request('events', { query: { from: iso(from), to: iso(to) } });
export const incidents = ({ from, to }) =>
  request('incidents', { query: { from: iso(from), to: iso(to) } });
export const alerts = (limit) => request('alerts', { query: { limit } });
export const alertsSeen = (upTo) => request('alerts/seen', { method: 'PUT', query: { upTo } });
/** Tries a channel, which may take its time. */
export const testAlert = (channel) =>
  request('alerts/test', { method: 'POST', query: { channel } });
export const troubles = () => request('troubles');
export const confirmClock = () => request('storage/clock', { method: 'POST' });
/** An owner knows that the master can be reached from outside. */
export const meanOutside = () => request('troubles/outside/meant', { method: 'POST' });
export const outlook = () => request('storage/outlook');
export const damage = () => request('damage');
export const trash = () => request('trash');
/** Deletes for good what was deleted until then: the latest that was shown. */
export const emptyTrash = (until) =>
  request('trash', { method: 'DELETE', query: { until } });
export const purge = (id) => request(`trash/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const restore = (id) =>
  request(`trash/${encodeURIComponent(id)}/restore`, { method: 'POST' });
export const remove = (id) => request(segmentPath(id), { method: 'DELETE' });
/** Saves a segment, with a note where there is one, or gives it up to retention. */
export const setSaved = (id, saved, note) =>
  request(`${segmentPath(id)}/saved`, {
    method: saved ? 'PUT' : 'DELETE',
    body: saved && note !== undefined ? { note } : undefined,
  });

export const me = () => request('me');
export const changePassword = (current, password) =>
  request(PASSWORD, { method: 'PUT', body: { current, password } });
export const sessions = () => request('sessions');
export const endSession = (id) =>
  request(`sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const endOtherSessions = () => request('sessions', { method: 'DELETE' });
export const people = () => request('people');
export const removePerson = (id) =>
  request(`people/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const invitations = () => request('invitations');
export const invite = (role) => request('invitations', { method: 'POST', body: { role } });
export const uninvite = (id) =>
  request(`invitations/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const pairings = () => request('pairings');
/** Whether codes can be made, and where they lead cameras: `{possible, addresses}`. */
export const pairingWay = () => request('pairings/codes');
/** A code for one camera; without a name, for any. */
export const pairingCode = (camera, anew) =>
  request('pairings', {
    method: 'POST',
    body: { ...(camera ? { camera } : {}), anew: String(anew) },
  });
export const spendCode = (id) =>
  request(`pairings/codes/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const unpair = (camera) =>
  request(`pairings/${encodeURIComponent(camera)}`, { method: 'DELETE' });
export const audit = ({ before, limit }) => request('audit', { query: { before, limit } });

const exportQuery = ({ from, to }) => ({
  from: iso(from),
  to: iso(to),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});
/** What an export would be; its segments are looked at, which takes a while for a long one. */
export const exportPlan = (range) =>
  request(`${cameraPath(range.camera)}/export`, { query: exportQuery(range), patience: 120_000 });
export const exportUrl = (range) =>
  address(`${cameraPath(range.camera)}/export.mp4`, exportQuery(range)).href;

/** Brings an export to `target` ({write(chunk)}); `tell` is called with the bytes so far. */
export async function exportTo(range, target, signal, tell) {
  const response = await fetch(exportUrl(range), { credentials: 'same-origin', signal });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(problem.detail || `HTTP ${response.status}`, response.status);
  }
  const reader = response.body.getReader();
  let done = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    await target.write(part.value);
    done += part.value.length;
    tell(done);
  }
}

export const shares = () => request('shares');
/** Makes a link that is good for an hour, a day or a week. */
export const share = ({ camera, from, to }, life) =>
  request('shares', {
    method: 'POST',
    body: { camera, from: iso(from), to: iso(to), life },
    patience: 120_000,
  });
export const unshare = (id) =>
  request(`shares/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** The same, for players: they find any moment without reading what lies before it. */
export const playUrl = (id) => new URL(`${segmentPath(id)}/play.mp4`, BASE).href;

export const videoUrl = (id) => new URL(`${segmentPath(id)}/video`, BASE).href;

/** A still of its beginning; segments of old have none. */
export const posterUrl = (id) => new URL(`${segmentPath(id)}/poster.jpg`, BASE).href;

/** Where the master pushes what happens. */
export const eventsUrl = () => socketUrl('events');
/** Where a camera's live pictures come from. */
export const liveUrl = (id) => socketUrl(`${cameraPath(id)}/live`);
/** Where they come from for a player of HLS. */
export const playlistUrl = (id) => new URL(`${cameraPath(id)}/live.m3u8`, BASE).href;

function socketUrl(path) {
  const url = new URL(path, BASE);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
