// How a camera's board fares: a list of facts, and what somebody should look at.
import { el, icon, show } from './dom.js';
import * as f from './format.js';
import { isAway } from './store.js';
import { strings as S } from './strings.js';

/** What a camera that is heard warns of, in words. */
export const warningsOf = (camera) =>
  isAway(camera)
    ? []
    : (camera.health?.warnings ?? []).map((kind) => S.faults[kind] ?? kind);

/** The facts that are known, as `[term, value, the warnings that make it one]`. */
function factsOf({ board = {}, health = {}, software, spoolFreeBytes }) {
  const { strains, strainsSinceStart, wifi, battery, memory, disk, clock } = health;
  const facts = [];
  const fact = (isKnown, term, value, ...warnings) =>
    isKnown && facts.push([term, value(), warnings]);
  const is = (value) => value !== undefined;
  fact(is(health.temperatureC), S.temperature, () => S.celsius(f.decimal(health.temperatureC)), 'board-hot');
  fact(strains, S.power, () => S.strains(strains, strainsSinceStart), 'under-voltage', 'throttled');
  fact(battery, S.battery, () => S.batteryIs(battery.percent, battery.status), 'battery-low');
  fact(wifi, S.wifi, () => S.wifiIs(wifi.signalDbm, wifi.qualityPercent, wifi.device), 'wifi-weak');
  fact(
    disk,
    S.disk,
    () => S.diskIs(f.bytes(spoolFreeBytes), f.bytes(disk.sizeBytes), disk.device),
    'card-failing',
  );
  fact(is(disk?.writtenBytesADay), S.diskWritten, () => S.aDay(f.bytes(disk.writtenBytesADay)));
  fact(
    is(disk?.wornPercent) || disk?.errors > 0,
    S.diskWear,
    () => S.wearIs(disk.wornPercent, disk.errors),
    'card-worn',
  );
  fact(memory, S.memory, () => S.freeOf(f.bytes(memory.availableBytes), f.bytes(memory.totalBytes)));
  fact(
    is(clock?.set) || is(clock?.offsetMillis),
    S.clock,
    () => S.clockIs(clock, is(clock.offsetMillis) ? f.duration(Math.abs(clock.offsetMillis)) : ''),
    'clock-unset',
    'clock-off',
  );
  fact(is(health.uptimeSeconds), S.uptime, () => f.duration(health.uptimeSeconds * 1000));
  fact(board.model, S.boardModel, () => board.model);
  fact(board.system || board.kernel, S.system, () => [board.system, board.kernel].filter(Boolean).join(', '));
  fact(board.firmware, S.firmware, () => board.firmware);
  fact(software, S.program, () => software);
  return facts;
}

/** `{root, update(camera)}` */
export function createHealth() {
  const list = el('dl', { class: 'facts health-facts' });
  const root = el(
    'section',
    { class: 'health', 'aria-labelledby': 'health-title', data: { testid: 'health' } },
    el('h3', { class: 'facts-title', id: 'health-title', text: S.health }),
    list,
  );
  let shown = '';
  return {
    root,
    update(camera) {
      const facts = factsOf(camera);
      const warnings = camera.health?.warnings ?? [];
      const away = isAway(camera);
      const key = JSON.stringify([facts, warnings, away]);
      if (key === shown) return; // a screen reader is not disturbed each second
      shown = key;
      show(root, facts.length > 0);
      root.dataset.away = away;
      list.replaceChildren(
        ...facts.flatMap(([term, value, kinds]) => {
          const isWarned = !isAway && kinds.some((kind) => warnings.includes(kind));
          return [
            el('dt', { text: term }),
            el('dd', { data: { warned: isWarned } }, isWarned ? icon('alert') : null, el('span', { text: value })),
          ];
        }),
      );
    },
  };
}
