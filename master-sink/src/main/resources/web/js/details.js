// All facts about the segment on show.
import { el, setText, show } from './dom.js';
import * as f from './format.js';
import { on, state } from './store.js';
import { strings as S } from './strings.js';

const soundFacts = ({ codec, sampleRateHz, channels }) =>
  S.soundFacts(S.soundCodecs[codec] ?? codec, f.decimal(sampleRateHz / 1000), channels);

export function createDetails(root, { onSeek }) {
  const list = el('dl', { class: 'facts' });
  const motion = el('ul', { class: 'chips' });
  const motionTitle = el('h3', { class: 'facts-title', text: S.motionInSegment });
  const keep = el('p', { class: 'facts-keep' });
  root.append(list, motionTitle, motion, keep);
  let shown = null;

  function render(segment) {
    const fact = (term, value, hint) => [
      el('dt', { text: term }),
      el('dd', { text: value, title: hint }),
    ];
    list.replaceChildren(
      ...fact(S.start, f.preciseClock(segment.t0), segment.start),
      ...fact(S.end, f.preciseClock(segment.t1), segment.end),
      ...fact(S.duration, f.duration(segment.t1 - segment.t0)),
      ...fact(S.size, f.bytes(segment.bytes), S.exactBytes(f.count(segment.bytes))),
      ...fact(S.picture, S.pictureFacts(segment.width, segment.height, f.decimal(segment.fps))),
      ...fact(S.frames, f.count(segment.frames)),
      ...fact(S.codec, segment.codec.startsWith('avc1') ? S.h264(segment.codec) : segment.codec),
      ...(segment.audio ? fact(S.sound, soundFacts(segment.audio)) : []),
      ...fact(S.closed, S.closedBy[segment.closed] ?? segment.closed),
      ...fact(S.clock, S.clockStates[segment.clock] ?? segment.clock),
      ...segment.unknown.flatMap((u) =>
        fact(
          u.isAsked ? S.notLookedFor : S.unknown,
          u.isAsked
            ? S.forLength(f.duration(u.t1 - u.t0))
            : S.unknownFor(f.duration(u.t1 - u.t0), u.reason),
          `${f.clock(u.t0)} – ${f.clock(u.t1)}`,
        ),
      ),
      ...segment.gaps.flatMap((g) =>
        fact(
          g.isLoss ? S.gap : S.rest,
          g.isLoss ? S.gapOf(f.duration(g.t1 - g.t0), g.reason) : f.duration(g.t1 - g.t0),
          `${f.clock(g.t0)} – ${f.clock(g.t1)}`,
        ),
      ),
    );
    motion.replaceChildren(
      ...segment.motion.map((m) =>
        el(
          'li',
          {},
          el('button', {
            type: 'button',
            class: 'chip',
            on: { click: () => onSeek(segment, m.t0) },
            text: [
              `${f.clock(m.t0)} – ${f.clock(m.t1)}`,
              f.percent(m.score),
              ...(m.zones ?? []),
            ].join(' · '),
          }),
        ),
      ),
    );
    show(motionTitle, segment.motion.length > 0);
    show(motion, segment.motion.length > 0);
    const days = state.storage?.maxAgeSeconds / 86400;
    setText(
      keep,
      segment.saved ? S.keepSaved : days > 0 ? S.keepUntil(f.decimal(days)) : S.keepWhileRoom,
    );
    keep.dataset.saved = segment.saved;
  }

  function refresh() {
    const segment = state.playing?.segment ?? null;
    if (segment === shown) return;
    shown = segment;
    if (segment) render(segment);
  }

  on('playing', refresh);
  for (const topic of ['saved', 'storage']) on(topic, () => shown && render(shown));
}
