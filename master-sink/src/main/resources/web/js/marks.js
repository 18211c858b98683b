// What is to be said of a segment beyond when it is: the same words in the lists, on the timeline and
// in the player.
import { strings as S } from './strings.js';

/** [{kind, word, sentence}]: what is wrong or unusual with it, the worst first. */
export function marksOf(segment) {
  const marks = [];
  if (segment.damaged) {
    const sentence = S.sentence(S.damagedBecause(segment.damaged));
    marks.push({ kind: 'damaged', ...S.marks.damaged, sentence });
  }
  if (segment.closed in S.marks) marks.push({ kind: segment.closed, ...S.marks[segment.closed] });
  const unknown = segment.unknown.find((span) => !span.isAsked);
  if (unknown) {
    const sentence = S.sentence(S.unknownBecause(unknown.reason));
    marks.push({ kind: 'unknown', ...S.marks.unknown, sentence });
  }
  return marks;
}
