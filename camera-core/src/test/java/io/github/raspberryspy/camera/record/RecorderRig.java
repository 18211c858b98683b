package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** A recorder with everything that it needs, fed by hand. */
final class RecorderRig implements RecorderListener {

  static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  final Spool spool;
  final Counters counters = new Counters();
  final List<SegmentManifest> sealed = new CopyOnWriteArrayList<>();
  final List<String> problems = new CopyOnWriteArrayList<>();
  RecorderConfig config;
  Storage storage;
  LongSupplier nanos = System::nanoTime; // of the storage
  RunClock runClock; // where a test has its own
  ClockWatch clocks = new ClockWatch(() -> START, () -> 0, () -> true);
  SegmentAnnotator annotator = (from, to, patience) -> List.of();
  RecorderListener listener = this;
  Instant start = START;
  double fps = 10;
  String because = Gap.RESTART; // footage is missing before a run
  Runnable onProblem = () -> {};
  private int told;
  private int atSealed = -1;
  private Runnable whenSealed = () -> {};

  RecorderRig(Path root, Duration segment) throws IOException {
    this(root, segment, StorageConfig.none());
  }

  RecorderRig(Path root, Duration segment, StorageConfig hardTimes) throws IOException {
    spool = Spool.open(root, "front");
    config = RecorderConfig.into(root).segment(segment).storage(hardTimes);
    storage = new Storage(spool, hardTimes, problems::add, counters, () -> nanos.getAsLong());
  }

  RunClock clock() {
    if (runClock != null) {
      return runClock;
    }
    return new RunClock(1_000_000_000L, start, ClockState.SYNCED);
  }

  StreamInfo info() {
    return new StreamInfo(true, true, 64, 48, fps, Optional.empty(), List.of());
  }

  SegmentRecorder recorder(PacketWindow window) throws IOException {
    return new SegmentRecorder(
        new SegmentRecorder.Job(
            () -> config,
            spool,
            spool.beginRun(),
            info(),
            clock(),
            annotator,
            listener,
            counters,
            storage,
            clocks),
        window.openCursor());
  }

  /** Records them all, on this thread. */
  RecorderRig record(List<Packet> packets) throws IOException {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = recorder(window);
    recorder.missingBecause(because);
    packets.forEach(window::append);
    window.close();
    recorder.run();
    return this;
  }

  /** Records these as another run, so many minutes later. */
  RecorderRig recordOn(List<Packet> packets, int minutes) throws IOException {
    start = START.plusSeconds(60L * minutes);
    return record(packets.stream().map(p -> moved(p, -packets.get(0).dtsUs())).toList());
  }

  Instant at(long ptsUs) {
    return clock().at(ptsUs);
  }

  long counted(Counter counter) {
    return counters.get(counter);
  }

  @Override
  public void onSealed(SealedSegment segment) {
    sealed.add(segment.manifest());
    if (sealed.size() == atSealed) {
      whenSealed.run();
    }
  }

  @Override
  public void onProblem(String sentence) {
    problems.add(sentence);
    told++;
    onProblem.run();
  }

  /** How often the recorder has told of a problem. */
  int told() {
    return told;
  }

  /** Does this once so many segments are sealed, on the recorder's thread. */
  void whenSealed(int count, Runnable then) {
    atSealed = count;
    whenSealed = then;
  }

  /** The same packet with so many bytes of filler more. */
  static Packet enlarged(Packet p, int bytes) {
    byte[] data = Arrays.copyOf(p.array(), p.sizeBytes() + bytes);
    Arrays.fill(data, p.sizeBytes(), data.length, (byte) 0xff);
    System.arraycopy(new byte[] {0, 0, 0, 1, 12}, 0, data, p.sizeBytes(), 5);
    data[data.length - 1] = (byte) 0x80;
    return new Packet(data, p.ptsUs(), p.dtsUs(), p.durationUs(), p.isKeyframe());
  }

  /** The same packet at another time. */
  static Packet moved(Packet p, long byUs) {
    return new Packet(
        p.array(), p.ptsUs() + byUs, p.dtsUs() + byUs, p.durationUs(), p.isKeyframe());
  }
}
