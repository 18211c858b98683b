package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What a fragmented MP4 file with a track of H.264, and maybe one of sound, holds, read from its
 * boxes without decoding: where its last whole fragment ends, how many frames it has, and how long
 * they last. Sound that is damaged costs no picture: the file then reads as its pictures.
 *
 * <p>The reader trusts nothing: a box must lie inside its parent, the initialisation part is at
 * most {@link #MAX_INIT_BYTES}, a fragment's head at most {@link #MAX_MOOF_BYTES}, nesting is
 * fixed, and at most {@link #MAX_STRANGERS} boxes of other types are passed over. A file that was
 * cut anywhere reads as the whole fragments before the cut, and so does one with damage behind its
 * {@code moov} box: what lies behind the first damaged box is not trusted.
 *
 * <p>Source: ISO/IEC 14496-12 (boxes), 14496-15 (avcC), RFC 6381 section 3.3 (codec name).
 *
 * @param fileBytes size of the file
 * @param wholeBytes where the last whole fragment ends: the file is sound up to here
 * @param fragments number of whole fragments
 * @param frames number of pictures in them
 * @param durationUs from the first picture's decode time to the end of the last, microseconds
 * @param codec RFC 6381 name of the pictures' codec
 * @param width pixels
 * @param height pixels
 * @param startsWithKeyframe whether the first picture is marked as one that decodes alone
 * @param audio the sound, where there is a track of it; it may be empty
 * @param holes where pictures are missing between them, in order, where the header says how many
 *     there should be
 * @param header what the recorder wrote of the segment, if it did
 */
public record FragmentedMp4(
    long fileBytes,
    long wholeBytes,
    int fragments,
    long frames,
    long durationUs,
    String codec,
    int width,
    int height,
    boolean startsWithKeyframe,
    Optional<Mp4Audio> audio,
    List<Hole> holes,
    Optional<SegmentHeader> header) {

  /** Largest initialisation part ({@code moov}) that is read. */
  public static final int MAX_INIT_BYTES = 1 << 20;

  /** Largest head of a fragment ({@code moof}) that is read. */
  public static final int MAX_MOOF_BYTES = 4 << 20;

  /** How many boxes are passed over that are neither moov, moof, mdat nor uuid. */
  public static final int MAX_STRANGERS = 64;

  /**
   * An interval in which pictures are missing.
   *
   * @param fromUs since the first picture's decode time, microseconds
   * @param toUs likewise
   */
  public record Hole(long fromUs, long toUs) {}

  /** Whether nothing lies behind the last whole fragment. */
  public boolean isWhole() {
    return wholeBytes == fileBytes && frames > 0;
  }

  /** What can be heard; empty where there is no packet of it. */
  public Optional<AudioFormat> audioFormat() {
    return audio.filter(sound -> sound.packets() > 0).map(Mp4Audio::format);
  }

  /**
   * Reads a file.
   *
   * @throws DamagedVideoException if it is no such file: the message says why
   * @throws IOException if it cannot be read
   */
  public static FragmentedMp4 scan(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Scanner(file, channel).scan();
    }
  }

  /** One pass over the top-level boxes. */
  private static final class Scanner {
    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer head = ByteBuffer.allocate(16);

    private Mp4Track track;
    private Optional<SegmentHeader> header = Optional.empty();
    private Mp4Moof pending;
    private int strangers;
    private long wholeBytes;
    private int fragments;
    private long frames;
    private long firstTime = -1;
    private long latestTime;
    private long endTime;
    private boolean startsWithKeyframe;
    private Mp4Holes holes;
    private final Mp4SoundSum sound = new Mp4SoundSum();

    Scanner(Path file, FileChannel channel) throws IOException {
      this.file = file;
      this.channel = channel;
      this.size = channel.size();
    }

    FragmentedMp4 scan() throws IOException {
      long at = 0;
      for (TopBox box = box(at); box != null && take(box); box = box(at)) {
        at += box.size;
        if (pending == null && track != null) {
          wholeBytes = at;
        }
      }
      if (track == null) {
        throw new DamagedVideoException(
            file + " is no fragmented MP4 file: it has no whole moov box");
      }
      return new FragmentedMp4(
          size,
          wholeBytes,
          fragments,
          frames,
          track.timing().micros(firstTime < 0 ? 0 : endTime - firstTime),
          track.codec(),
          track.width(),
          track.height(),
          startsWithKeyframe,
          track.sound().map(sound::facts),
          holes == null ? List.of() : holes.since(firstTime),
          header);
    }

    /** Takes one box in. Returns whether what lies behind it can be trusted. */
    private boolean take(TopBox box) throws IOException {
      return switch (box.type) {
        case "moov" -> track == null && readTrack(box);
        case "uuid" -> readHeader(box);
        case "moof" -> track != null && pending == null && readFragment(box);
        case "mdat" -> pending != null && readMedia(box);
        default -> passOver() && Mp4Boxes.isPrintable(box.type);
      };
    }

    private boolean readTrack(TopBox box) throws IOException {
      if (box.bodyBytes() > MAX_INIT_BYTES) {
        throw new DamagedVideoException(
            file + ": a moov box of " + box.bodyBytes() + " bytes is over " + MAX_INIT_BYTES);
      }
      try {
        track = Mp4Track.parse(load(box));
      } catch (Mp4Boxes.Damaged e) {
        throw new DamagedVideoException(file + ": " + e.getMessage(), e);
      }
      return true;
    }

    private boolean readFragment(TopBox box) throws IOException {
      if (box.bodyBytes() > MAX_MOOF_BYTES) {
        return false;
      }
      try {
        Mp4Moof moof = Mp4Moof.parse(load(box), track, newHoles());
        if (moof.pictures().isPresent() && moof.pictures().get().baseTime() < latestTime) {
          return false;
        }
        pending = moof;
        return true;
      } catch (Mp4Boxes.Damaged e) {
        // what a torn write leaves at a file's end is no reason to give up what lies before it
        return false;
      }
    }

    /** What is said of sound may be damaged: where it does not fit, the pictures may still. */
    private boolean readMedia(TopBox box) {
      if (pending.mediaBytes() > box.bodyBytes() && pending.pictures().isPresent()) {
        pending = pending.withoutSound();
      }
      return pending.mediaBytes() <= box.bodyBytes() && accept();
    }

    private boolean accept() {
      fragments++;
      sound.add(pending);
      pending.pictures().ifPresent(this::add);
      pending = null;
      return true;
    }

    private void add(Mp4Fragment pictures) {
      if (firstTime < 0) {
        firstTime = pictures.baseTime();
        holes = newHoles();
        startsWithKeyframe = pictures.firstIsKeyframe();
      }
      if (frames > 0) {
        holes.missing(endTime, pictures.baseTime());
      }
      holes.addAll(pictures.holes());
      frames += pictures.samples();
      latestTime = pictures.baseTime();
      endTime = pictures.endTime();
    }

    private Mp4Holes newHoles() {
      return new Mp4Holes(track.timing(), header.map(SegmentHeader::fps).orElse(0.0));
    }

    private boolean readHeader(TopBox box) throws IOException {
      if (header.isPresent() || box.bodyBytes() < 16 || box.bodyBytes() > 4096) {
        return passOver();
      }
      ByteBuffer body = load(box);
      if (body.getLong() == SegmentHeader.TYPE.getMostSignificantBits()
          && body.getLong() == SegmentHeader.TYPE.getLeastSignificantBits()) {
        try {
          header = Optional.of(SegmentHeader.parse(StandardCharsets.UTF_8.decode(body).toString()));
        } catch (IllegalArgumentException e) {
          throw new DamagedVideoException(file + ": " + e.getMessage(), e);
        }
        return true;
      }
      return passOver();
    }

    /** One more box that says nothing here: a few are let through, a flood is not. */
    private boolean passOver() {
      return ++strangers <= MAX_STRANGERS;
    }

    /** The whole box at this place, or null where there is none. */
    private TopBox box(long at) throws IOException {
      if (at + 8 > size) {
        return null;
      }
      head.clear().limit((int) Math.min(16, size - at));
      readFully(head, at);
      head.flip();
      long boxSize = Integer.toUnsignedLong(head.getInt());
      String type = Mp4Boxes.type(head);
      int headBytes = 8;
      if (boxSize == 1) {
        boxSize = head.remaining() < 8 ? 0 : head.getLong();
        headBytes = 16;
      } else if (boxSize == 0) {
        boxSize = size - at;
      }
      return boxSize < headBytes || boxSize > size - at
          ? null
          : new TopBox(type, at, boxSize, headBytes);
    }

    private ByteBuffer load(TopBox box) throws IOException {
      ByteBuffer body = ByteBuffer.allocate((int) box.bodyBytes());
      readFully(body, box.at + box.headBytes);
      return body.flip();
    }

    private void readFully(ByteBuffer into, long at) throws IOException {
      long position = at;
      while (into.hasRemaining()) {
        int n = channel.read(into, position);
        if (n < 0) {
          throw new IOException(file + " ended while it was read");
        }
        position += n;
      }
    }
  }

  private record TopBox(String type, long at, long size, int headBytes) {
    long bodyBytes() {
      return size - headBytes;
    }
  }
}
