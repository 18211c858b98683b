package io.github.raspberryspy.segments;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builds small fragmented MP4 files, sound ones and lying ones. */
public final class Mp4Builder {

  /** Of a segment of whatever camera. */
  static final SegmentHeader HEADER =
      new SegmentHeader(
          SegmentId.parse("front-3f9a1c22-r17-000123"),
          Instant.parse("2026-11-23T14:00:00Z"),
          ClockState.SYNCED,
          0,
          30);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> ends = new ArrayList<>();
  private int timescale = 30_000;

  /** Joins arrays. */
  public static byte[] join(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** A box with a size of 32 bits. */
  public static byte[] box(String type, byte[]... body) {
    byte[] all = join(body);
    return lyingBox(type, all.length + 8, all);
  }

  /** A box that says another size than it has. */
  public static byte[] lyingBox(String type, int size, byte[]... body) {
    return join(ints(size), type.getBytes(StandardCharsets.ISO_8859_1), join(body));
  }

  /** A box with a size of 64 bits. */
  public static byte[] wideBox(String type, long size, byte[] body) {
    return join(
        ints(1),
        type.getBytes(StandardCharsets.ISO_8859_1),
        ByteBuffer.allocate(8).putLong(size).array(),
        body);
  }

  /** Numbers of 32 bits. */
  public static byte[] ints(int... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length);
    for (int v : values) {
      b.putInt(v);
    }
    return b.array();
  }

  /** A {@code moov} of one H.264 track. */
  public static byte[] moov(int timescale, String entry) {
    byte[] avcc = box("avcC", new byte[] {1, 0x42, (byte) 0xc0, 0x1f, (byte) 0xff});
    ByteBuffer head = ByteBuffer.allocate(78);
    head.putShort(24, (short) 1280).putShort(26, (short) 720);
    return box(
        "moov",
        box("mvhd", new byte[100]),
        trak(0, timescale, box(entry, head.array(), avcc)),
        box("mvex", box("trex", ints(0, 1, 1, 1000, 0, 0x10000))));
  }

  /** A track with this sample entry. */
  public static byte[] trak(int id, int timescale, byte[] entry) {
    ByteBuffer tkhd = ByteBuffer.allocate(84).putInt(12, id);
    byte[] minf = box("minf", box("stbl", box("stsd", ints(0, 1), entry)));
    byte[] mdia = box("mdia", box("mdhd", ints(0, 0, 0, timescale, 0, 0)), minf);
    return box("trak", box("tkhd", tkhd.array()), mdia);
  }

  /** A {@code moov} of a track of H.264, number 1, and one of sound at 48 kHz, number 2. */
  public static byte[] moovWithSound(int timescale, byte[] soundEntry) {
    byte[] avcc = box("avcC", new byte[] {1, 0x42, (byte) 0xc0, 0x1f, (byte) 0xff});
    ByteBuffer head = ByteBuffer.allocate(78);
    head.putShort(24, (short) 1280).putShort(26, (short) 720);
    return box(
        "moov",
        box("mvhd", new byte[100]),
        trak(1, timescale, box("avc1", head.array(), avcc)),
        trak(2, 48_000, soundEntry),
        box(
            "mvex",
            box("trex", ints(0, 1, 1, 1000, 0, 0x10000)),
            box("trex", ints(0, 2, 1, 1024, 0, 0))));
  }

  /** A sample entry of sound at 48 kHz. */
  public static byte[] soundEntry(String type, int channels, byte[]... boxes) {
    ByteBuffer head = ByteBuffer.allocate(28);
    head.putShort(16, (short) channels).putShort(24, (short) 48_000);
    return box(type, head.array(), join(boxes));
  }

  /** What says that an {@code mp4a} entry is AAC-LC. */
  public static byte[] esds() {
    byte[] specific = {5, 2, 0x11, (byte) 0x88};
    byte[] config = join(new byte[] {4, 17, 0x40, 0x15}, new byte[11], specific);
    return box("esds", ints(0), new byte[] {3, (byte) 0x80, (byte) 0x80, 22, 0, 2, 0}, config);
  }

  /** A {@code moof} whose samples have durations and sizes of their own. */
  public static byte[] moof(long baseTime, int duration, int... sizes) {
    var samples = new ByteArrayOutputStream();
    for (int size : sizes) {
      samples.writeBytes(ints(duration, size));
    }
    return box(
        "moof",
        box("mfhd", ints(0, 1)),
        traf(baseTime, box("trun", ints(0x305, sizes.length, 0, 0), samples.toByteArray())));
  }

  /** A {@code traf} with these runs in it. */
  public static byte[] traf(long baseTime, byte[]... runs) {
    byte[] tfdt = join(ints(0x01000000), ByteBuffer.allocate(8).putLong(baseTime).array());
    return box("traf", box("tfhd", ints(0x020000, 1)), box("tfdt", tfdt), join(runs));
  }

  /** A {@code traf} of the sound's track: packets of 1024 samples with sizes of their own. */
  public static byte[] soundTraf(long baseTime, int... sizes) {
    byte[] tfdt = join(ints(0x01000000), ByteBuffer.allocate(8).putLong(baseTime).array());
    byte[] trun = box("trun", ints(0x201, sizes.length, 0), ints(sizes));
    return box("traf", box("tfhd", ints(0x020000, 2)), box("tfdt", tfdt), trun);
  }

  /** Starts with {@code ftyp}, {@code moov} and a header. */
  public Mp4Builder start(int ticksASecond, SegmentHeader header) {
    timescale = ticksASecond;
    add(box("ftyp", ints(0, 0)));
    add(moov(timescale, "avc1"));
    add(header.toBox());
    ends.add(out.size());
    return this;
  }

  /** Adds a fragment with samples of these sizes at 30 frames a second. */
  public Mp4Builder fragment(long baseTime, int... sizes) {
    int media = 0;
    for (int size : sizes) {
      media += size;
    }
    add(moof(baseTime, timescale / 30, sizes));
    byte[] bytes = new byte[media];
    java.util.Arrays.fill(bytes, (byte) 0x5a);
    add(box("mdat", bytes));
    ends.add(out.size());
    return this;
  }

  /** Adds bytes as they are. */
  public Mp4Builder add(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /** Where the initialisation part and each whole fragment end. */
  public List<Integer> ends() {
    return List.copyOf(ends);
  }
}
