package io.github.raspberryspy.segments;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds where a file is to be cut, by the heads of its fragments. For one thread, once. */
final class Mp4Cut {

  /** The head of a fragment of a second is smaller; what lies behind it is not wanted. */
  static final int ASK_BYTES = 8 << 10;

  private final Mp4Source source;
  private final Mp4Head head;
  private final Mp4Track track;
  private final long fromTicks;
  private final long toTicks;

  private long origin = -1;
  private Whole begin;
  private int beginSample;
  private Whole end;
  private int endSample;
  private long endAt;
  private long endTime;

  /** A fragment: its samples, and where it lies. */
  private record Whole(
      long at, long end, List<Mp4Sample> pictures, List<Mp4Sample> sound, Mp4Track track) {

    /** A part of it: sound goes where the pictures are. */
    Mp4Splice splice(int first, int behind) {
      List<Mp4Sample> kept = pictures.subList(first, behind);
      long from = first == 0 ? Long.MIN_VALUE : kept.get(0).time();
      long to = behind == pictures.size() ? Long.MAX_VALUE : kept.get(kept.size() - 1).end();
      return Mp4Splice.of(
          track, at, kept, sound.stream().filter(s -> ticks(s) >= from && ticks(s) < to).toList());
    }

    private long ticks(Mp4Sample s) {
      return Mp4Timing.scale(
          s.time(), track.sound().orElseThrow().timing().timescale(), track.timing().timescale());
    }
  }

  Mp4Cut(Mp4Source source, Mp4Head head, long fromUs, long toUs) {
    this.source = source;
    this.head = head;
    this.track = head.track();
    this.fromTicks = ticks(fromUs);
    this.toTicks = ticks(toUs);
  }

  private long ticks(long us) {
    long most = 1_000_000L * Mp4Fragment.MAX_SECONDS;
    return Mp4Timing.scale(Math.min(us, most), 1_000_000, track.timing().timescale());
  }

  Optional<Mp4Part> part() throws IOException {
    endAt = head.firstFragment();
    try (Mp4Reader reader = new Mp4Reader(source, endAt, Long.MAX_VALUE, ASK_BYTES)) {
      boolean goesOn = true;
      for (Mp4Reader.Head box = reader.next(); goesOn && box != null; box = reader.next()) {
        if (box.type().equals("moof")) {
          goesOn = fragment(reader, box);
        } else {
          reader.skip(box.bodyBytes());
        }
        if (goesOn) {
          endAt = reader.position();
        }
      }
    } catch (Mp4Boxes.Damaged e) {
      // what lies before it is whole
    }
    return begin == null ? Optional.empty() : Optional.of(result());
  }

  private boolean fragment(Mp4Reader reader, Mp4Reader.Head box) throws IOException {
    Optional<Mp4FragmentHead> read = Mp4FragmentHead.read(reader, box, track);
    Mp4Reader.Head media = reader.next();
    if (read.isEmpty()
        || media == null
        || !media.type().equals("mdat")
        || read.get().facts().mediaBytes() > media.bodyBytes()) {
      return false;
    }
    reader.skip(media.bodyBytes());
    Optional<Mp4Fragment> pictures = read.get().facts().pictures();
    if (pictures.isEmpty()) {
      return true;
    }
    long base = pictures.get().baseTime();
    origin = origin < 0 ? base : origin;
    if (base - origin >= toTicks) {
      return false;
    }
    boolean mayBegin = begin == null || base - origin <= fromTicks;
    boolean ends = pictures.get().endTime() - origin > toTicks;
    if (mayBegin || ends) {
      look(samples(read.get(), box, media), ends);
    }
    endTime = ends ? endTime : pictures.get().endTime();
    return !ends;
  }

  /** Looks at each picture of a fragment in which the cut may be. */
  private void look(Whole whole, boolean ends) {
    for (int i = 0; i < whole.pictures().size(); i++) {
      Mp4Sample picture = whole.pictures().get(i);
      long time = picture.time() - origin;
      if (picture.isKeyframe() && (begin == null || time <= fromTicks)) {
        begin = whole;
        beginSample = i;
      }
      if (ends && time < toTicks) {
        end = whole;
        endSample = i + 1;
        endTime = picture.end();
      }
    }
  }

  private Whole samples(Mp4FragmentHead read, Mp4Reader.Head box, Mp4Reader.Head media)
      throws Mp4Boxes.Damaged {
    if (media.bodyBytes() > Integer.MAX_VALUE) {
      throw new Mp4Boxes.Damaged("a fragment is over 2 GiB");
    }
    List<Mp4Sample> pictures =
        Mp4Sample.of(read.traf(track.timing().id(), track.isAlone()).orElseThrow(), track.timing());
    List<Mp4Sample> sound = List.of();
    if (read.facts().sound().isPresent()) {
      Mp4Timing timing = track.sound().orElseThrow().timing();
      sound = Mp4Sample.of(read.traf(timing.id(), false).orElseThrow(), timing);
    }
    Whole whole = new Whole(box.at(), media.end(), pictures, sound, track);
    long first = media.end() - media.bodyBytes() - box.at();
    long behind = media.end() - box.at();
    for (List<Mp4Sample> samples : List.of(pictures, sound)) {
      for (Mp4Sample s : samples) {
        if (s.offset() < first || s.offset() + s.size() > behind) {
          throw new Mp4Boxes.Damaged("a sample lies outside its fragment");
        }
      }
    }
    return whole;
  }

  private Mp4Part result() {
    long start = begin.pictures().get(beginSample).time();
    Mp4Part.Span span =
        new Mp4Part.Span(
            track.timing().micros(start - origin), track.timing().micros(endTime - start));
    if (end != null && end.at() == begin.at()) {
      Mp4Splice only = begin.splice(beginSample, Math.max(endSample, beginSample + 1));
      return new Mp4Part(
          source, head, Optional.of(only), new Mp4Splice.Range(endAt, 0), Optional.empty(), span);
    }
    Optional<Mp4Splice> first =
        beginSample == 0
            ? Optional.empty()
            : Optional.of(begin.splice(beginSample, begin.pictures().size()));
    long from = beginSample == 0 ? begin.at() : begin.end();
    Optional<Mp4Splice> last =
        end == null ? Optional.empty() : Optional.of(end.splice(0, endSample));
    return new Mp4Part(
        source, head, first, new Mp4Splice.Range(from, Math.max(0, endAt - from)), last, span);
  }
}
