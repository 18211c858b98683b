package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Builder.box;
import static io.github.raspberryspy.segments.Mp4Builder.ints;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pieces of boxes; that pictures come out right is shown with FFmpeg, where footage is exported.
 */
class Mp4JoinTest {

  private static final Mp4Label LABEL = new Mp4Label(Instant.EPOCH, "", "", List.of());
  @TempDir Path folder;

  private FragmentedMp4 joined(Mp4Source... sources) throws IOException {
    List<Mp4Part> parts = new ArrayList<>();
    for (Mp4Source source : sources) {
      parts.add(Mp4Part.whole(source, Mp4Head.read(source), 1_000_000));
    }
    Mp4Join join = new Mp4Join(parts, LABEL);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    join.write(out, 0, join.bytes());
    assertThat(out.size()).isEqualTo((int) join.bytes());
    FragmentedMp4 film =
        FragmentedMp4.scan(Files.write(folder.resolve("x.mp4"), out.toByteArray()));
    assertThat(film.isWhole()).isTrue();
    return film;
  }

  private static Mp4Builder film() {
    return new Mp4Builder()
        .start(30_000, Mp4Builder.HEADER)
        .fragment(0, 900, 40, 41)
        .fragment(3000, 901, 42);
  }

  @Test
  void timesGoOnWhereTheFileBeforeEnds() throws Exception {
    MemorySource film = new MemorySource(film().bytes());
    FragmentedMp4 twice = joined(film, film);
    assertThat(twice.frames()).isEqualTo(10);
    assertThat(twice.durationUs()).isEqualTo(333_333);
  }

  @Test
  void whatLiesBehindDamageBecomesFreeSpace() throws Exception {
    MemorySource sound = new MemorySource(film().bytes());
    byte[] wrong = box("moof", ints(1, 2, 3));
    MemorySource damaged = new MemorySource(film().add(wrong).fragment(6000, 77, 78).bytes());
    MemorySource odd = new MemorySource(film().add(new byte[3]).bytes());
    assertThat(joined(sound, damaged, sound).frames()).isEqualTo(15);
    assertThat(joined(sound, odd, sound).frames()).isEqualTo(13);
  }

  @Test
  void boxesThatPointIntoTheOldFileDoNotComeAlong() throws Exception {
    byte[] index = box("sidx", ints(1, 2, 3, 4));
    MemorySource film = new MemorySource(film().add(index).fragment(5000, 80).bytes());
    Mp4Join join = new Mp4Join(List.of(Mp4Part.whole(film, Mp4Head.read(film), 1_000_000)), LABEL);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    join.write(out, 0, join.bytes());
    assertThat(out.toString(ISO_8859_1)).contains("free").doesNotContain("sidx");
    assertThat(joined(film).frames()).isEqualTo(6);
  }

  /** 40 GiB, as a camera films in a day, of which nothing is kept in memory. */
  @Test
  void aDayPassesThroughAndAnyPartOfItIsFoundWithoutReadingTheRest() throws Exception {
    Day day = new Day(5_200);
    Mp4Join join = new Mp4Join(List.of(Mp4Part.whole(day, Mp4Head.read(day), 1_000_000)), LABEL);
    assertThat(join.bytes()).isGreaterThan(40L << 30);
    day.read = 0;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    join.write(end, join.bytes() - 1000, 1000);
    long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertThat(end.size()).isEqualTo(1000);
    assertThat(allocated).isLessThan(64L << 20);
    assertThat(day.read).isLessThan(32L << 20);

    long[] written = new long[1];
    join.write(
        new OutputStream() {
          @Override
          public void write(int b) {
            written[0]++;
          }

          @Override
          public void write(byte[] b, int offset, int length) {
            written[0] += length;
          }
        },
        0,
        1L << 30);
    assertThat(written[0]).isEqualTo(1L << 30);
  }

  /** Fragments of 8 MiB and a bit, which are nowhere but in this class. */
  private static final class Day implements Mp4Source {
    private static final int MEDIA = 8 << 20;

    /** Where a fragment says when it begins: behind moof, mfhd, traf, tfhd, tfdt. */
    private static final int TIME = 8 + 16 + 8 + 16 + 8 + 4;

    private final byte[] head = new Mp4Builder().start(30_000, Mp4Builder.HEADER).bytes();
    private final byte[] moof =
        Mp4Builder.join(Mp4Builder.moof(0, 1000, MEDIA), Mp4Builder.lyingBox("mdat", MEDIA + 8));
    private final int fragments;
    private long read;

    Day(int fragments) {
      this.fragments = fragments;
    }

    private byte[] moof(long n) {
      ByteBuffer.wrap(moof).putLong(TIME, n * 1000);
      return moof;
    }

    private long fragmentBytes() {
      return moof.length + (long) MEDIA;
    }

    @Override
    public long bytes() {
      return head.length + fragments * fragmentBytes();
    }

    @Override
    public InputStream open(long from, long count) {
      return new InputStream() {
        private long at = from;

        @Override
        public int read() {
          throw new IllegalStateException("byte by byte");
        }

        @Override
        public int read(byte[] into, int offset, int length) {
          if (at >= bytes()) {
            return -1;
          }
          byte[] source = head;
          long inSource = at;
          if (at >= head.length) {
            source = moof((at - head.length) / fragmentBytes());
            inSource = (at - head.length) % fragmentBytes();
          }
          int n;
          if (inSource < source.length) {
            n = (int) Math.min(length, source.length - inSource);
            System.arraycopy(source, (int) inSource, into, offset, n);
          } else {
            n = (int) Math.min(length, fragmentBytes() - inSource);
            Arrays.fill(into, offset, offset + n, (byte) 0);
          }
          at += n;
          read += n;
          return n;
        }

        @Override
        public long skip(long n) {
          at += n;
          return n;
        }
      };
    }
  }
}
