// Cameras that failed, and what the others did: what lasts is said on top, all of it on the timeline.
import { emit, nameOf, state } from './store.js';
import { strings as S } from './strings.js';

const prepare = (json) => ({
  ...json,
  t0: Math.min(Date.parse(json.start), ...json.failures.map((f) => Date.parse(f.since))),
  t1: json.end ? Date.parse(json.end) : Infinity,
});

/** Replaces the list: those of the day on show, and those that last. */
export function putIncidents(list) {
  state.incidents = new Map(list.map((json) => [json.id, prepare(json)]));
  emit('incidents');
}

/** One that began, or of which something became known. */
export function putIncident(json) {
  state.incidents.set(json.id, prepare(json));
  emit('incidents');
}

const names = (list) => S.list([...new Set(list)].map(nameOf));

/** Those in which a camera is still not heard, latest first. */
export const standing = () =>
  [...state.incidents.values()]
    .filter((incident) => incident.failures.some(isLostNow))
    .sort((a, b) => b.t0 - a.t0);

const isLostNow = (failure) => failure.kind === 'lost' && !failure.end;

/** Which cameras failed, in a few words. */
export function titleOf(incident) {
  const lost = incident.failures.filter((f) => f.kind === 'lost').map((f) => f.camera);
  const others = incident.failures.filter((f) => f.kind !== 'lost');
  const faults = others.map((f) => S.troubleOf(nameOf(f.camera), S.fault(f)));
  return [lost.length ? S.notHeard(names(lost), new Set(lost).size) : '', ...new Set(faults)]
    .filter(Boolean)
    .join(' · ');
}

/** What the network says, and what the others did, in sentences. */
export function detailOf(incident) {
  const failures = incident.failures.filter((f) => f.kind === 'lost');
  const isOne = new Set(incident.failures.map((f) => f.camera)).size === 1;
  const said = failures.map((f) => {
    const words = S.verdicts[f.verdict] ?? f.sentence;
    return isOne || f.verdict === 'all-unreachable' ? words : S.troubleOf(nameOf(f.camera), words);
  });
  return [...new Set(said).values(), othersOf(incident)].filter(Boolean).map(S.sentence).join(' ');
}

function othersOf({ others }) {
  if (others.length === 0) return '';
  const latest = new Map(others.map((o) => [o.camera, o]));
  const of = (which) => [...latest.values()].filter(which).map((o) => o.camera);
  const done = of((o) => o.ok);
  const asked = of((o) => !o.ok && !o.answered);
  const failed = [...latest.values()].filter((o) => !o.ok && o.answered);
  return [
    done.length ? S.othersSent(names(done), done.length) : '',
    asked.length ? S.othersAsked(names(asked)) : '',
    ...failed.map((o) => S.otherFailed(nameOf(o.camera), o.sentence)),
  ]
    .filter(Boolean)
    .join('; ');
}

/** The camera that failed first. */
export const firstOf = ({ failures }) =>
  failures.reduce((a, b) => (Date.parse(b.since) < Date.parse(a.since) ? b : a)).camera;

/** Whether this camera is part of it. */
export const concerns = (incident, camera) => incident.failures.some((f) => f.camera === camera);

/** A camera's loss and return are not listed beside the incident that they are part of. */
export const tells = (event) =>
  event.type === 'camera' &&
  [...state.incidents.values()].some((incident) =>
    incident.failures.some(
      (f) =>
        f.camera === event.camera &&
        f.kind === 'lost' &&
        (near(event.t0, f.since) || near(event.t0, f.end)),
    ),
  );

const near = (t, iso) => Boolean(iso) && Math.abs(t - Date.parse(iso)) < 3000;
