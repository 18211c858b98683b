package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the window with a naive one: a list of GOPs, of which the first are dropped. */
class PacketWindowPropertyTest {

  /** What a cursor ought to read. */
  private static final class Reader {
    final PacketCursor cursor;
    int position;

    Reader(PacketCursor cursor, int position) {
      this.cursor = cursor;
      this.position = position;
    }
  }

  private static final class Model {
    final List<Packet> all = new ArrayList<>();
    final ArrayDeque<List<Packet>> gops = new ArrayDeque<>();
    int first;

    long bytes() {
      return gops.stream().flatMap(List::stream).mapToLong(Packet::sizeBytes).sum();
    }

    void append(Packet packet, long maxBytes) {
      while (bytes() + packet.sizeBytes() > maxBytes && gops.size() > 1) {
        first += gops.poll().size();
      }
      if (packet.isKeyframe() || gops.isEmpty()) {
        gops.add(new ArrayList<>());
      }
      gops.peekLast().add(packet);
      all.add(packet);
    }

    int lastKeyframe() {
      for (int i = all.size() - 1; i >= first; i--) {
        if (all.get(i).isKeyframe()) {
          return i;
        }
      }
      return all.size();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void itReadsAsAListOfGopsWould(long seed) {
    Random random = new Random(seed);
    long maxBytes = 1L + random.nextInt(4000);
    int everyKeyframe = 1 + random.nextInt(40);
    Model model = new Model();
    List<Reader> readers = new ArrayList<>();
    PacketWindow window = new PacketWindow(maxBytes, false);
    for (int step = 0; step < 4000; step++) {
      if (random.nextInt(3) > 0) {
        boolean isKey = random.nextInt(everyKeyframe) == 0;
        Packet packet = new Packet(new byte[1 + random.nextInt(90)], step, step, 1, isKey);
        model.append(packet, maxBytes);
        window.append(packet);
        assertThat(window.sizeBytes()).isEqualTo(model.bytes());
      }
      if (random.nextInt(60) == 0) {
        readers.add(new Reader(window.openCursor(), model.lastKeyframe()));
      }
      if (!readers.isEmpty()) {
        read(readers.get(random.nextInt(readers.size())), model, random.nextInt(6));
      }
    }
    window.close();
    for (Reader reader : readers) {
      read(reader, model, Integer.MAX_VALUE);
      assertThat(reader.cursor.next()).isNull();
      assertThat(reader.cursor.takeMissed()).isZero();
    }
  }

  private static void read(Reader reader, Model model, int atMost) {
    for (int i = 0; i < atMost && reader.position < model.all.size(); i++) {
      int missed = Math.max(0, model.first - reader.position);
      reader.position += missed;
      Packet packet = reader.cursor.next();
      assertThat(packet).isSameAs(model.all.get(reader.position));
      assertThat(reader.cursor.takeMissed()).isEqualTo(missed);
      if (missed > 0) {
        assertThat(packet.isKeyframe()).as("it goes on at a keyframe").isTrue();
      }
      reader.position++;
    }
  }
}
