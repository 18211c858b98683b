package io.github.raspberryspy.camera.clip;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.source.MediaFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;

/**
 * Cuts pieces out of recorded H.264 without encoding them anew: each begins with a keyframe at or
 * before the wanted start, so it may be longer by a GOP, and goes on over the borders of files that
 * follow each other. Sound comes along where MP4 players take it.
 *
 * <p>Two readings of the files from which something is cut, and little memory, whatever their size.
 * For one thread.
 */
public final class ClipCutter implements AutoCloseable {

  /**
   * A file, and when it is shown on the clock that it has in common with the others.
   *
   * @param startUs of its first picture, microseconds
   * @param endUs of its end; what is not known may be {@link Long#MAX_VALUE}
   */
  public record Part(Path file, long startUs, long endUs) {}

  /**
   * What is to be cut out, on the same clock.
   *
   * @param target the file that is to be written; what is there is replaced
   */
  public record Piece(long fromUs, long toUs, Path target) {}

  private final List<Part> parts;
  private final List<Clip> clips = new ArrayList<>();
  private final ArrayDeque<Clip> waiting = new ArrayDeque<>(); // in order of their beginning
  private final List<Clip> open = new ArrayList<>();
  private final BooleanSupplier isStopped;
  private final AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");

  private ClipCutter(List<Part> parts, List<Piece> pieces, BooleanSupplier isStopped) {
    this.parts = parts;
    this.isStopped = isStopped;
    pieces.forEach(piece -> clips.add(new Clip(piece)));
  }

  /**
   * Cuts.
   *
   * @param parts files that follow each other, in order
   * @param pieces what is wanted; they may overlap
   * @param isStopped asked now and then; what is not finished when it says so is deleted
   * @return what some clips lack of what was wanted, and why: a sentence each
   * @throws CameraException of kind INVALID for video that is not H.264, CORRUPT for files that
   *     cannot be read, DISK_FAILED for clips that cannot be written, CANCELLED once stopped
   */
  public static List<String> cut(List<Part> parts, List<Piece> pieces, BooleanSupplier isStopped)
      throws IOException {
    try (ClipCutter cutter = new ClipCutter(parts, pieces, isStopped)) {
      cutter.place();
      cutter.copy();
      return cutter.clips.stream().flatMap(clip -> clip.leftOut().stream()).distinct().toList();
    }
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    RuntimeException first = null;
    for (Clip clip : clips) {
      try {
        clip.close();
      } catch (RuntimeException e) { // the others are to leave nothing either
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Finds the keyframe with which each begins. */
  private void place() {
    long last = clips.stream().mapToLong(clip -> clip.piece().fromUs()).max().orElse(0);
    NavigableSet<Long> keyframes = new TreeSet<>();
    for (Part part : parts) {
      // What begins before the first keyframe begins with it, so one is always looked for.
      if ((part.startUs() <= last || keyframes.isEmpty()) && isWanted(part)) {
        keyframes(part, last, keyframes);
      }
    }
    clips.forEach(clip -> clip.beginAtOneOf(keyframes));
    clips.stream().sorted(Comparator.comparingLong(Clip::beginUs)).forEach(waiting::add);
  }

  private void keyframes(Part part, long untilUs, NavigableSet<Long> into) {
    try (MediaFile file = open(part)) {
      long time = Long.MIN_VALUE;
      boolean goesOn = true;
      while (goesOn && (time <= untilUs || into.isEmpty())) {
        MediaFile.Content content = read(file);
        goesOn = content != MediaFile.Content.END;
        if (content == MediaFile.Content.PICTURE) {
          time = part.startUs() + packet.pts();
          if (isKeyframe()) {
            into.add(time);
          }
        }
        avcodec.av_packet_unref(packet);
      }
    }
  }

  private void copy() throws IOException {
    for (Part part : parts) {
      if (isWanted(part)) {
        copy(part);
      }
    }
    for (Clip clip : clips) {
      clip.finish();
      if (!clip.hasBegun()) {
        throw new CameraException(
            Kind.CORRUPT,
            "there is no keyframe to begin " + clip.piece().target().getFileName() + " with");
      }
    }
  }

  private void copy(Part part) throws IOException {
    try (MediaFile file = open(part)) {
      for (Clip clip : open) {
        clip.enter(file, part.startUs());
      }
      open.removeIf(Clip::isOver);
      boolean goesOn = true;
      while (goesOn && !(waiting.isEmpty() && open.isEmpty())) {
        MediaFile.Content content = read(file);
        goesOn = content != MediaFile.Content.END;
        if (goesOn) {
          packet.pts(packet.pts() + part.startUs()).dts(packet.dts() + part.startUs());
          hand(file, content);
        }
        avcodec.av_packet_unref(packet);
      }
    }
  }

  private void hand(MediaFile file, MediaFile.Content content) throws IOException {
    boolean isPicture = content == MediaFile.Content.PICTURE;
    while (isPicture && !waiting.isEmpty() && waiting.peek().beginUs() <= packet.pts()) {
      open.add(waiting.poll());
    }
    for (Clip clip : open) {
      if (isPicture) {
        clip.picture(file, packet, isKeyframe());
      } else {
        clip.sound(packet);
      }
    }
    open.removeIf(Clip::isOver);
  }

  private boolean isKeyframe() {
    return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
  }

  private MediaFile.Content read(MediaFile file) {
    if (isStopped.getAsBoolean()) {
      throw new CameraException(Kind.CANCELLED, "cutting out of " + file.path() + " was stopped");
    }
    return file.read(packet);
  }

  private boolean isWanted(Part part) {
    return clips.stream()
        .map(Clip::piece)
        .anyMatch(piece -> piece.fromUs() < part.endUs() && piece.toUs() > part.startUs());
  }

  private static MediaFile open(Part part) {
    MediaFile file = MediaFile.open(part.file());
    if (file.isH264()) {
      return file;
    }
    try (file) {
      throw new CameraException(
          Kind.INVALID,
          "file "
              + part.file()
              + " holds "
              + file.codec()
              + "; clips are cut without encoding anew, and only out of h264");
    }
  }
}
