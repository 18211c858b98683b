// What of the day is shown: of one camera, with motion or saved, in one zone; or what was wrong.
import { el, show } from './dom.js';
import { concerns } from './incidents.js';
import { emit, on, state } from './store.js';
import { strings as S } from './strings.js';

/** Whether something is left out at all. */
export const isFiltering = () =>
  Boolean(state.filter.camera || state.filter.zone || state.filter.kind);

const inZone = (span) => !state.filter.zone || (span.zones ?? []).includes(state.filter.zone);

/** Whether a segment is among what is shown. */
export function matches(segment) {
  const { camera, kind, zone } = state.filter;
  if (kind === 'trouble' || (camera && segment.camera !== camera)) return false;
  if (kind === 'saved' && !segment.saved) return false;
  if ((kind === 'motion' || zone) && !segment.motion.some(inZone)) return false;
  return true;
}

/** Whether an event is: motion, or something that was wrong with a camera. */
export function matchesEvent(event) {
  const { camera, kind, zone } = state.filter;
  if (camera && event.camera !== camera) return false;
  if (event.type === 'motion') return (!kind || kind === 'motion') && inZone(event);
  return (!kind || kind === 'trouble') && !zone;
}

/** Whether an incident is. */
export const matchesIncident = (incident) =>
  matchesEvent({ type: 'incident', camera: state.filter.camera }) &&
  (!state.filter.camera || concerns(incident, state.filter.camera));

/** The selects above the list. */
export function createFilter(root) {
  const camera = choice('camera', S.filterCamera);
  const kind = choice('kind', S.filterKind);
  const zone = choice('zone', S.filterZone);
  root.append(...[kind, camera, zone].map((node) => node.parentElement));
  offer(kind, [
    ['', S.filterAll],
    ['motion', S.filterMotion],
    ['saved', S.filterSaved],
    ['trouble', S.filterTrouble],
  ]);

  function refresh() {
    const cameras = [...state.cameras.values()].map((c) => [c.id, c.name]);
    offer(camera, [['', S.filterAll], ...cameras]);
    show(camera.parentElement, cameras.length > 1 || Boolean(state.filter.camera));
    const zones = new Set(state.filter.zone ? [state.filter.zone] : []);
    for (const event of state.events) for (const name of event.zones ?? []) zones.add(name);
    offer(zone, [['', S.filterAll], ...[...zones].sort().map((name) => [name, name])]);
    show(zone.parentElement, zones.size > 0);
  }

  for (const topic of ['cameras', 'events']) on(topic, refresh);
  refresh();
}

/** A select in its label. */
function choice(what, label) {
  const node = el('select', { class: 'select filter-select', 'data-testid': `filter-${what}` });
  el('label', { class: 'filter-choice' }, el('span', { text: label }), node);
  node.addEventListener('change', () => {
    state.filter = { ...state.filter, [what]: node.value };
    node.dataset.on = Boolean(node.value);
    emit('filter');
  });
  return node;
}

/** Sets the options, unless they are the same already: a list that is open must stay. */
function offer(node, options) {
  const key = JSON.stringify(options);
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  const value = node.value;
  node.replaceChildren(...options.map(([v, text]) => el('option', { value: v, text })));
  node.value = value;
}
