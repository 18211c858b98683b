package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes parts one behind the other, with times that go on. For one thread. */
final class Mp4JoinWriter {

  private static final Logger log = LoggerFactory.getLogger(Mp4JoinWriter.class);

  private final Mp4Window out;
  private int number;
  private long picturesEnd;
  private long soundEnd;

  // of the part that is being written
  private Mp4Track track;
  private long shift;
  private long latest;
  private boolean begins;

  Mp4JoinWriter(Mp4Window out) {
    this.out = out;
  }

  /** Writes one, and as many bytes as it says that it takes, whatever is wrong with it. */
  void write(Mp4Part part) throws IOException {
    track = part.head().track();
    latest = Long.MIN_VALUE;
    begins = true;
    long start = out.position();
    try {
      if (part.first().isPresent()) {
        splice(part, part.first().get());
      }
      long end = out.position() + part.to() - part.from();
      if (!run(part)) {
        fill(end);
      }
      if (part.last().isPresent()) {
        splice(part, part.last().get());
      }
    } catch (NoSuchFileException e) {
      if (out.position() > start) {
        throw e; // in the middle of a box
      }
      log.warn("{} was deleted while it was exported", e.getFile());
    }
    fill(start + part.bytes());
  }

  private void splice(Mp4Part part, Mp4Splice splice) throws IOException {
    if (out.isDone()) {
      return;
    }
    long end = out.position() + splice.bytes();
    ByteBuffer moof = splice.copy();
    Optional<Mp4FragmentHead> head = Mp4FragmentHead.of(moof, track);
    if (head.isEmpty() || !move(head.get())) {
      fill(end);
      return;
    }
    write(moof);
    write(boxHead("mdat", splice.mediaBytes() + 8));
    for (Mp4Splice.Range range : splice.media()) {
      long behind = range.from() + range.bytes();
      try (Mp4Reader in = new Mp4Reader(part.source(), range.from(), behind, range.bytes())) {
        out.copy(in, range.bytes());
      }
    }
  }

  /** Writes the whole fragments of a part. Returns whether they were, to the last. */
  private boolean run(Mp4Part part) throws IOException {
    try (Mp4Reader in = new Mp4Reader(part.source(), part.from(), part.to(), Mp4Cut.ASK_BYTES)) {
      while (in.position() < part.to() && !out.isDone()) {
        if (out.isOpen()) {
          in.askFor(Long.MAX_VALUE);
        }
        Mp4Reader.Head box = in.next();
        boolean goesOn =
            box != null
                && leavesRoom(box.end(), part)
                && (box.type().equals("moof") ? fragment(in, box, part) : stranger(in, box));
        if (!goesOn) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean leavesRoom(long end, Mp4Part part) {
    return end == part.to() || end <= part.to() - Mp4Part.SMALLEST_BOX;
  }

  /** Boxes that speak of other than pictures, or of places in another file, become free space. */
  private boolean stranger(Mp4Reader in, Mp4Reader.Head box) throws IOException {
    write(sameSize(box, "free"));
    in.skip(box.bodyBytes());
    out.zeros(box.bodyBytes());
    return true;
  }

  private boolean fragment(Mp4Reader in, Mp4Reader.Head box, Mp4Part part) throws IOException {
    Optional<Mp4FragmentHead> read = Mp4FragmentHead.read(in, box, track);
    Mp4Reader.Head media = in.next();
    if (read.isEmpty()
        || media == null
        || !media.type().equals("mdat")
        || read.get().facts().mediaBytes() > media.bodyBytes()
        || !leavesRoom(media.end(), part)
        || !move(read.get())) {
      return false;
    }
    write(read.get().moof());
    write(sameSize(media, "mdat"));
    out.copy(in, media.bodyBytes());
    return true;
  }

  /** Writes the times of the joined file into a fragment. Returns whether they make sense. */
  private boolean move(Mp4FragmentHead head) {
    Optional<Mp4Fragment> pictures = head.facts().pictures();
    Optional<Mp4Fragment> sound = head.facts().sound();
    if (pictures.isPresent()) {
      long base = pictures.get().baseTime();
      if (base < latest) {
        return false;
      }
      if (begins) {
        shift = picturesEnd - base;
        begins = false;
      }
      latest = base;
    } else if (begins) {
      return false; // nobody can tell where sound belongs that comes before all pictures
    }
    long picturesAt =
        pictures.map(f -> Math.max(picturesEnd, f.baseTime() + shift)).orElse(picturesEnd);
    long soundAt = sound.map(f -> Math.max(soundEnd, f.baseTime() + soundShift())).orElse(soundEnd);
    try {
      head.moveTo(new Mp4FragmentHead.Times(picturesAt, soundAt), ++number, track);
    } catch (Mp4Boxes.Damaged e) {
      return false;
    }
    picturesEnd = picturesAt + pictures.map(Mp4Fragment::duration).orElse(0L);
    soundEnd = soundAt + sound.map(Mp4Fragment::duration).orElse(0L);
    return true;
  }

  private long soundShift() {
    int soundScale = track.sound().orElseThrow().timing().timescale();
    return Mp4Timing.scale(shift, track.timing().timescale(), soundScale);
  }

  private void write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }

  private static ByteBuffer sameSize(Mp4Reader.Head box, String type) {
    ByteBuffer head = ByteBuffer.allocate(box.headBytes());
    if (box.headBytes() == 16) {
      return head.putInt(1).put(ascii(type)).putLong(box.size()).flip();
    }
    return head.putInt((int) box.size()).put(ascii(type)).flip();
  }

  private static ByteBuffer boxHead(String type, long size) {
    return ByteBuffer.allocate(8).putInt((int) size).put(ascii(type)).flip();
  }

  private static byte[] ascii(String type) {
    return type.getBytes(StandardCharsets.US_ASCII);
  }

  /** Free space up to this place, which no box has begun to fill. */
  private void fill(long end) throws IOException {
    long bytes = end - out.position();
    if (bytes <= 0 || out.isDone()) {
      return;
    }
    if (bytes <= 0xffff_ffffL) {
      write(boxHead("free", bytes));
      out.zeros(bytes - 8);
    } else {
      write(ByteBuffer.allocate(16).putInt(1).put(ascii("free")).putLong(bytes).flip());
      out.zeros(bytes - 16);
    }
  }
}
