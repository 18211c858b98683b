package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Builder.box;
import static io.github.raspberryspy.segments.Mp4Builder.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** An index in front of a file; that players go by it is shown in a browser, by `SeekIT`. */
class Mp4PlayableTest {

  private static Mp4Builder film() {
    return new Mp4Builder()
        .start(30_000, Mp4Builder.HEADER)
        .fragment(500, 900, 40)
        .fragment(2500, 901, 42);
  }

  private static byte[] all(Mp4Source source) throws IOException {
    Mp4Playable playable = Mp4Playable.of(source);
    return range(playable, source, 0, playable.bytes(source));
  }

  private static byte[] range(Mp4Playable playable, Mp4Source source, long first, long count)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    playable.write(source, out, first, count);
    return out.toByteArray();
  }

  /** Bytes and ticks of each entry. */
  private static int[] entries(byte[] file, int at) {
    ByteBuffer box = ByteBuffer.wrap(file, at, file.length - at);
    int count = box.getShort(at + 38) & 0xffff;
    int[] entries = new int[2 * count];
    for (int i = 0; i < count; i++) {
      entries[2 * i] = box.getInt(at + 40 + 12 * i);
      entries[2 * i + 1] = box.getInt(at + 44 + 12 * i);
      assertThat(box.getInt(at + 48 + 12 * i)).as("begins with a keyframe").isEqualTo(0x90000000);
    }
    return entries;
  }

  @Test
  void everyFragmentThatBeginsWithAKeyframeIsInTheIndexUpToTheFilesEnd() throws Exception {
    Mp4Builder film = film();
    byte[] before = film.bytes();
    int head = film.ends().get(0);
    byte[] file = all(new MemorySource(before));
    ByteBuffer box = ByteBuffer.wrap(file);
    int size = 40 + 2 * 12;
    assertThat(file).hasSize(before.length + size);
    assertThat(box.getInt(head)).isEqualTo(size);
    assertThat(new String(file, head + 4, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("sidx");
    assertThat(box.getInt(head + 16)).as("ticks a second").isEqualTo(30_000);
    assertThat(box.getLong(head + 20)).as("the first picture's time").isEqualTo(500);
    assertThat(box.getLong(head + 28)).as("the first fragment follows at once").isZero();
    int first = film.ends().get(1) - head;
    assertThat(entries(file, head))
        .containsExactly(first, 2000, before.length - head - first, 2000);
    assertThat(Arrays.copyOfRange(file, head + size, file.length))
        .isEqualTo(Arrays.copyOfRange(before, head, before.length));
  }

  @Test
  void anyRangeOfItCanBeWritten() throws Exception {
    MemorySource source = new MemorySource(film().bytes());
    byte[] file = all(source);
    Mp4Playable playable = Mp4Playable.of(source);
    for (int first = 0; first < file.length; first += 97) {
      int count = Math.min(131, file.length - first);
      assertThat(range(playable, source, first, count))
          .isEqualTo(Arrays.copyOfRange(file, first, first + count));
    }
  }

  @Test
  void whatIsDamagedOrIsNoFragmentBelongsToWhatLiesBefore() throws Exception {
    Mp4Builder film = film().add(box("moof", ints(1, 2, 3))).fragment(9000, 77);
    byte[] before = film.bytes();
    int head = film.ends().get(0);
    int first = film.ends().get(1) - head;
    assertThat(entries(all(new MemorySource(before)), head))
        .containsExactly(first, 2000, before.length - head - first, 2000);
  }

  @Test
  void aLongFileHasSeveralKeyframesAnEntry() throws Exception {
    Mp4Builder film = new Mp4Builder().start(30_000, Mp4Builder.HEADER);
    int fragments = 4 * Mp4Playable.MOST_ENTRIES + 1;
    for (int i = 0; i < fragments; i++) {
      film.fragment(1000L * i, 9);
    }
    byte[] before = film.bytes();
    int[] entries = entries(all(new MemorySource(before)), film.ends().get(0));
    assertThat(entries.length / 2)
        .isBetween(Mp4Playable.MOST_ENTRIES / 2, Mp4Playable.MOST_ENTRIES);
    int bytes = film.ends().get(0);
    int ticks = 0;
    for (int i = 0; i < entries.length; i += 2) {
      bytes += entries[i];
      ticks += entries[i + 1];
    }
    assertThat(bytes).isEqualTo(before.length);
    assertThat(ticks).isEqualTo(1000 * fragments);
  }

  @Test
  void aFileOfMoreFragmentsThanAnyRecorderWritesIsNotReadToItsEnd() throws Exception {
    MemorySource source = new MemorySource(film().bytes());
    assertThat(Mp4Playable.of(source, 2).indexBytes()).isPositive();
    assertThatThrownBy(() -> Mp4Playable.of(source, 1))
        .isInstanceOf(DamagedVideoException.class)
        .hasMessageContaining("more than 1 fragments");
  }

  @Test
  void aFileWithoutFragmentsCannotBeIndexed() {
    MemorySource source =
        new MemorySource(new Mp4Builder().start(30_000, Mp4Builder.HEADER).bytes());
    assertThatThrownBy(() -> Mp4Playable.of(source)).isInstanceOf(DamagedVideoException.class);
  }
}
