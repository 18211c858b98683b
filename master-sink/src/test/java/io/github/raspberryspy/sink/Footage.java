package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small segments for tests: real boxes around random bytes, and manifests that fit them. */
public final class Footage {

  /** When the first segment of a run starts. */
  public static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  /** How long a segment lasts. */
  public static final Duration LENGTH = Duration.ofSeconds(2);

  private Footage() {}

  /** A segment: its bytes and its manifest. */
  public static final class Clip {
    private final byte[] bytes;
    private final SegmentManifest manifest;

    Clip(byte[] bytes, SegmentManifest manifest) {
      this.bytes = bytes;
      this.manifest = manifest;
    }

    /** The file. */
    public byte[] bytes() {
      return bytes;
    }

    /** Its facts. */
    public SegmentManifest manifest() {
      return manifest;
    }

    /** Its id. */
    public SegmentId id() {
      return manifest.id();
    }
  }

  /** A segment of the camera's run 1, with two fragments of so many media bytes each. */
  public static Clip clip(String camera, long sequence, int mediaBytes) {
    return clip(new SegmentId(camera, "0a1b2c3d", 1, sequence), mediaBytes, sequence);
  }

  /** A segment with this id; another seed makes other bytes. */
  public static Clip clip(SegmentId id, int mediaBytes, long seed) {
    return of(id, mp4(mediaBytes, seed, true), List.of());
  }

  /** A segment with the header that a recorder writes. */
  public static Clip recorded(String camera, long sequence, int mediaBytes) {
    SegmentId id = new SegmentId(camera, "0a1b2c3d", 1, sequence);
    SegmentHeader header =
        new SegmentHeader(
            id,
            start(id),
            ClockState.SYNCED,
            LENGTH.toMillis() * 1000 * sequence,
            10,
            List.of(new Gap(start(id).minusSeconds(1), start(id), "restart")));
    return of(id, mp4(header.toBox(), mediaBytes, sequence, true), List.of());
  }

  /** A segment with motion in it. */
  public static Clip withMotion(String camera, long sequence) {
    Instant start = START.plus(LENGTH.multipliedBy(sequence));
    EventSpan span =
        new EventSpan(
            start.plusMillis(500), start.plusMillis(1500), 0.25, List.of("door"), List.of());
    SegmentId id = new SegmentId(camera, "0a1b2c3d", 1, sequence);
    return of(id, mp4(2000, sequence, true), List.of(span));
  }

  /** A segment in which nothing was seen to move, and of which that is not known, for a reason. */
  public static Clip unknown(String camera, long sequence, String reason) {
    SegmentId id = new SegmentId(camera, "0a1b2c3d", 1, sequence);
    Instant start = start(id);
    List<UnknownSpan> all = List.of(new UnknownSpan(start, start.plus(LENGTH), reason));
    return of(id, mp4(2000, sequence, true), List.of(), all);
  }

  /** Whatever these bytes are, with a manifest that promises them. */
  public static Clip of(SegmentId id, byte[] bytes, List<EventSpan> motion) {
    return of(id, bytes, motion, List.of());
  }

  private static Clip of(
      SegmentId id, byte[] bytes, List<EventSpan> motion, List<UnknownSpan> unknown) {
    Instant start = start(id);
    return new Clip(
        bytes,
        new SegmentManifest(
            id,
            start,
            start.plus(LENGTH),
            ClockState.SYNCED,
            LENGTH.toMillis() * 1000 * id.sequence(),
            20,
            new VideoFormat("avc1.42c01e", 640, 480, 10),
            Optional.empty(),
            new Content(bytes.length, sha256(bytes)),
            motion,
            unknown,
            List.of(),
            CloseReason.TIME));
  }

  private static Instant start(SegmentId id) {
    return START.plus(LENGTH.multipliedBy(id.sequence()));
  }

  /** Hash in hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(DurableFiles.sha256().digest(bytes));
  }

  /** A fragmented MP4 file of H.264: two fragments of ten samples. */
  public static byte[] mp4(int mediaBytes, long seed, boolean keyframeFirst) {
    return mp4(new byte[0], mediaBytes, seed, keyframeFirst);
  }

  private static byte[] mp4(byte[] header, int mediaBytes, long seed, boolean keyframeFirst) {
    Random random = new Random(seed);
    byte[] init = join(ftyp(), moov(), header);
    byte[] first = fragment(1, 0, mediaBytes, random, keyframeFirst);
    byte[] second = fragment(2, 10 * 100, mediaBytes, random, true);
    return join(init, first, second);
  }

  private static byte[] ftyp() {
    return box("ftyp", text("iso5"), u32(512), text("iso5iso6mp41"));
  }

  private static byte[] moov() {
    byte[] avcc = box("avcC", new byte[] {1, 0x42, (byte) 0xc0, 0x1e, (byte) 0xff, (byte) 0xe0, 0});
    byte[] entry = new byte[78];
    ByteBuffer.wrap(entry)
        .putShort(6, (short) 1)
        .putShort(24, (short) 640)
        .putShort(26, (short) 480);
    byte[] stsd = box("stsd", u32(0), u32(1), box("avc1", entry, avcc));
    byte[] stbl =
        box(
            "stbl",
            stsd,
            box("stts", u32(0), u32(0)),
            box("stsc", u32(0), u32(0)),
            box("stsz", u32(0), u32(0), u32(0)),
            box("stco", u32(0), u32(0)));
    byte[] mdhd = box("mdhd", u32(0), u32(0), u32(0), u32(1000), u32(0), u32(0x55c40000));
    byte[] tkhd = box("tkhd", ByteBuffer.allocate(84).putInt(12, 1).array());
    byte[] trak = box("trak", tkhd, box("mdia", mdhd, box("minf", stbl)));
    byte[] trex = box("trex", u32(0), u32(1), u32(1), u32(0), u32(0), u32(0));
    byte[] mvhd = box("mvhd", new byte[100]);
    return box("moov", mvhd, trak, box("mvex", trex));
  }

  private static byte[] fragment(
      int number, int time, int mediaBytes, Random random, boolean keyframe) {
    byte[] media = new byte[mediaBytes];
    random.nextBytes(media);
    ByteArrayOutputStream samples = new ByteArrayOutputStream();
    for (int i = 0; i < 10; i++) {
      int size = i < 9 ? mediaBytes / 10 : mediaBytes - 9 * (mediaBytes / 10);
      samples.writeBytes(u32(100));
      samples.writeBytes(u32(size));
    }
    byte[] trun =
        box(
            "trun",
            u32(0x000305),
            u32(10),
            u32(0),
            u32(keyframe ? 0x02000000 : 0x01010000),
            samples.toByteArray());
    byte[] traf =
        box("traf", box("tfhd", u32(0x020000), u32(1)), box("tfdt", u32(0), u32(time)), trun);
    return join(box("moof", box("mfhd", u32(0), u32(number)), traf), box("mdat", media));
  }

  private static byte[] box(String type, byte[]... bodies) {
    byte[] body = join(bodies);
    return join(u32(8 + body.length), text(type), body);
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
