package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.audio.AudioTrack;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.AudioFormat;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.Mp4Audio;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The segment that is being written: muxer, file, and what the manifest will need. For one thread.
 */
final class OpenSegment implements AutoCloseable {

  /**
   * The first fragment is shorter by this: a camera that has just started, perhaps after a crash,
   * has something on the disk sooner.
   */
  private static final int FIRST = 4;

  private final Spool spool;
  private final SegmentFiles files;
  private final SegmentHeader header;
  private final VideoFormat video;
  private final Optional<AudioFormat> audio; // where there is some
  private final Optional<SegmentSound> sound;
  private final SegmentMuxer muxer;
  private final SegmentWriter writer;
  private final List<Gap> gaps = new ArrayList<>();
  private final long fragmentUs;
  private final long firstPtsUs;

  private SegmentPoster poster = SegmentPoster.none();
  private Packet pending;
  private long firstDtsUs;
  private long fragmentStartUs;
  private long muxedUntilUs;
  private long volatileSinceUs;
  private long endUs;
  private long frames;
  private long fragmentFrames;

  private OpenSegment(
      Spool spool,
      SegmentHeader header,
      SegmentMuxer muxer,
      SegmentWriter writer,
      Optional<SegmentSound> sound,
      long fragmentUs)
      throws IOException {
    this.spool = spool;
    this.files = files(spool, header);
    this.header = header;
    FragmentedMp4 beginning = FragmentedMp4.scan(files.part());
    this.video =
        new VideoFormat(beginning.codec(), beginning.width(), beginning.height(), header.fps());
    this.audio = beginning.audio().map(Mp4Audio::format);
    this.sound = sound;
    this.muxer = muxer;
    this.writer = writer;
    this.fragmentUs = fragmentUs;
    this.firstPtsUs = header.firstPtsUs();
    this.endUs = firstPtsUs;
  }

  /**
   * Creates the file and makes its beginning durable.
   *
   * @param track what is heard meanwhile; empty where nothing is to be
   * @param fragmentUs the most that a power cut may cost
   * @throws CameraException of kind CORRUPT, where no video can be made of the parameter sets
   */
  static OpenSegment begin(
      Spool spool,
      SegmentHeader header,
      StreamInfo info,
      byte[] parameterSets,
      Optional<AudioTrack> track,
      long fragmentUs)
      throws IOException {
    SegmentMuxer muxer =
        new SegmentMuxer(
            info.width(), info.height(), parameterSets, track.map(AudioTrack::parameters));
    SegmentWriter writer = null;
    try {
      writer = SegmentWriter.create(files(spool, header));
      ByteBuffer init = muxer.endPart();
      byte[] own = header.toBox();
      ByteBuffer both = ByteBuffer.allocateDirect(init.remaining() + own.length);
      writer.append(both.put(init).put(own).flip());
      Optional<SegmentSound> sound =
          track.map(heard -> new SegmentSound(heard, muxer, header.firstPtsUs()));
      return new OpenSegment(spool, header, muxer, writer, sound, cutAt(fragmentUs, info));
    } catch (DamagedVideoException e) { // it was read back as it was made: no fault of the disk
      muxer.close();
      writer.close();
      DurableFiles.delete(files(spool, header).part());
      throw new CameraException(
          Kind.CORRUPT, "the stream's parameter sets make no video: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      muxer.close();
      if (writer != null) {
        writer.close();
      }
      throw e;
    }
  }

  /** Puts this poster into the file as soon as it is there; before the first packet only. */
  void illustrate(SegmentPoster coming) {
    poster = coming;
  }

  /** The files of a segment that begins like this. */
  static SegmentFiles files(Spool spool, SegmentHeader header) {
    SegmentId id = header.id();
    return spool.files(new SegmentName(header.start(), header.clock(), id.run(), id.sequence()));
  }

  /**
   * A fragment ends a little before its oldest frame reaches the age at which it must be durable:
   * time for the frame that ends it to arrive, to be encoded, and to be synced.
   */
  private static long cutAt(long fragmentUs, StreamInfo info) {
    long margin = margin(info).toNanos() / 1000;
    return Math.max(info.frameIntervalUs(), fragmentUs - margin);
  }

  /**
   * Adds a packet. The one before it, whose duration is now known, goes to the muxer; a fragment
   * that is old enough goes to disk.
   */
  void add(Packet packet) throws IOException {
    if (frames == 0 && pending == null) {
      firstDtsUs = packet.dtsUs();
      volatileSinceUs = packet.dtsUs();
    }
    if (pending == null) {
      fragmentStartUs = packet.dtsUs();
    } else {
      mux(packet.dtsUs() - pending.dtsUs());
      if (packet.dtsUs() - fragmentStartUs
          >= (hasDurableFrames() ? fragmentUs : fragmentUs / FIRST)) {
        endFragment();
        fragmentStartUs = packet.dtsUs();
      }
    }
    pending = packet;
    endUs = Math.max(endUs, packet.ptsUs() + packet.durationUs());
  }

  /** Time for the next frame to arrive, to be encoded and to be synced. */
  static Duration margin(StreamInfo info) {
    return Duration.of(2 * info.frameIntervalUs() + 60_000, ChronoUnit.MICROS);
  }

  /** Makes everything so far durable, the latest packet too: the next one is late. */
  void settle() throws IOException {
    if (pending != null) {
      mux(pending.durationUs());
      pending = null;
    }
    endFragment();
  }

  /** Makes everything so far durable, but for the latest packet. */
  void endFragment() throws IOException {
    if (fragmentFrames > 0) {
      sound.ifPresent(
          heard -> heard.mux(firstPtsUs - firstDtsUs, firstPtsUs + muxedUntilUs - firstDtsUs));
      writer.append(poster.inFrontOf(muxer.endPart()));
      fragmentFrames = 0;
      volatileSinceUs = muxedUntilUs;
    }
  }

  /** The next frame after the last one was shown late: this interval is missing. */
  void miss(Gap gap) {
    gaps.add(gap);
  }

  /**
   * Writes what is left and closes the file. What is heard up to the end may still be on its way
   * when the last picture is durable: it is waited for, but not for long.
   *
   * @param untilUs presentation time at which what comes next begins
   */
  Content finish(long untilUs) throws IOException {
    settle();
    if (sound.isPresent()
        && hasDurableFrames()
        && sound.get().finish(firstPtsUs - firstDtsUs, untilUs)) {
      writer.append(muxer.endPart());
    }
    return writer.finish();
  }

  /** The spool that it lies in. */
  Spool spool() {
    return spool;
  }

  /** What its stream is. */
  VideoFormat video() {
    return video;
  }

  /** What can be heard in it; empty where nothing can. */
  Optional<AudioFormat> audio() {
    return sound.filter(SegmentSound::isHeard).flatMap(heard -> audio);
  }

  /** What an fsync has put on the disk so far. */
  Optional<Content> durable() {
    return writer.durable();
  }

  /** Whether there is footage that an fsync has put on the disk. */
  boolean hasDurableFrames() {
    return frames > fragmentFrames;
  }

  /** Decode time of the first frame that is not durable; that of the next one where all are. */
  long volatileSinceUs() {
    return volatileSinceUs;
  }

  /** Presentation time up to which an fsync has put frames on the disk. */
  long durableUntilUs() {
    return firstPtsUs + volatileSinceUs - firstDtsUs;
  }

  /** The clock was wrong by this much: what was noted by it moves. */
  void redate(Relabel labels) {
    gaps.replaceAll(labels::redated);
  }

  SegmentFiles files() {
    return files;
  }

  SegmentHeader header() {
    return header;
  }

  List<Gap> gaps() {
    return gaps;
  }

  long firstPtsUs() {
    return firstPtsUs;
  }

  /** Presentation time at which the last frame ends, as far as is known. */
  long endUs() {
    return endUs;
  }

  long frames() {
    return frames;
  }

  /** Bytes in the file so far. */
  long sizeBytes() {
    return writer.size();
  }

  /**
   * Closes the file as it is, without what is not yet durable. Its recovery comes with the next
   * start.
   */
  @Override
  public void close() throws IOException {
    muxer.close();
    writer.close();
  }

  private void mux(long durationUs) {
    muxer.add(pending, firstDtsUs, durationUs);
    muxedUntilUs = pending.dtsUs() + durationUs;
    frames++;
    fragmentFrames++;
  }
}
