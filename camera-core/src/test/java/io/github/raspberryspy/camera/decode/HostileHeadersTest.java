package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.Mutations;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a stream before it is decoded, where the stream lies. */
@Timeout(300)
class HostileHeadersTest {

  private static List<Packet> film(int bFrames) {
    return VideoMaker.with("libx264").frames(10, 100).gop(10).bFrames(bFrames).packets();
  }

  private static Packet like(Packet good, byte[] bytes) {
    return new Packet(bytes, good.ptsUs(), good.dtsUs(), good.durationUs(), good.isKeyframe());
  }

  /** Nothing is thrown, and what is told of a picture is a number. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void damagedHeadersAreReadOrNotAndNoMore(int bFrames) {
    List<Packet> film = film(bFrames);
    Mutations mutations = new Mutations(23);
    SliceHeaders headers = new SliceHeaders();
    int read = 0;
    for (int i = 0; i < Mutations.rounds(40_000); i++) {
      Packet good = film.get(i % film.size());
      byte[] head = Arrays.copyOf(good.array(), Math.min(200, good.sizeBytes()));
      byte[] bad = i % 3 == 0 ? head : mutations.mutate(head);
      if (bad.length > 0) {
        Optional<PictureFacts> facts = headers.read(like(good, bad));
        assertThat(facts.map(PictureFacts::effort).orElse(0.0)).isFinite();
        read += facts.isPresent() ? 1 : 0;
      }
    }
    assertThat(read).as("and some are").isPositive();
  }

  /** Units of pure chance, of every type, behind parameter sets of pure chance. */
  @Test
  void headersOfChanceAreReadOrNotAndNoMore() {
    Random random = new Random(29);
    SliceHeaders headers = new SliceHeaders();
    Packet any = film(0).get(0);
    int[] types = {1, 5, 7, 8, 2, 20};
    for (int i = 0; i < Mutations.rounds(40_000); i++) {
      byte[] bytes = new byte[5 + random.nextInt(60)];
      random.nextBytes(bytes);
      bytes[0] = 0;
      bytes[1] = 0;
      bytes[2] = 1;
      bytes[3] = (byte) (0x60 | types[random.nextInt(types.length)]);
      Optional<PictureFacts> facts = headers.read(like(any, bytes));
      assertThat(facts.map(PictureFacts::effort).orElse(0.0)).isFinite();
    }
  }

  /** The gate goes on whatever comes, and rests again in between. */
  @Test
  void theGateTakesInWhateverComes() {
    List<Packet> film = film(0);
    Mutations mutations = new Mutations(31);
    DecodeGate gate = new DecodeGate();
    Set<DecodeGate.Step> steps = new HashSet<>();
    long us = 0;
    for (int i = 0; i < Mutations.rounds(20_000); i++) {
      Packet good = film.get(i % film.size());
      byte[] bytes = i % 500 > 450 ? mutations.mutate(good.array()) : good.array();
      if (bytes.length > 0) {
        Packet packet = new Packet(bytes, us, us, 100_000, good.isKeyframe());
        DecodeGate.Step step = gate.take(packet, false);
        steps.add(step);
        if (step == DecodeGate.Step.LOOK) {
          steps.add(gate.looked(packet, i % 97 == 0));
        }
      }
      us += 100_000;
    }
    assertThat(steps)
        .contains(
            DecodeGate.Step.FOLLOW,
            DecodeGate.Step.HOLD,
            DecodeGate.Step.CATCH_UP,
            DecodeGate.Step.LEAVE_OUT);
  }

  /** Filler that no decoder looks at makes packets of any size. */
  @Test
  void noMoreBytesAreHeldThanTheGateSays() {
    List<Packet> film =
        VideoMaker.with("libx264")
            .frames(10, 200)
            .gop(10)
            .showing((frame, number) -> VideoMaker.fill(frame, PixelFormat.I420, 7))
            .packets();
    DecodeGate gate = new DecodeGate();
    long held = 0;
    long most = 0;
    for (int i = 0; i < film.size(); i++) {
      Packet packet = i < 100 ? film.get(i) : filled(film.get(i));
      DecodeGate.Step step = gate.take(packet, false);
      step = step == DecodeGate.Step.LOOK ? gate.looked(packet, false) : step;
      held =
          switch (step) {
            case HOLD -> held + packet.sizeBytes();
            case LEAVE_OUT -> packet.sizeBytes();
            default -> 0;
          };
      most = Math.max(most, held);
    }
    assertThat(most).isBetween(8L << 20, (long) DecodeGate.MOST_BYTES);
  }

  private static Packet filled(Packet good) {
    byte[] bytes = Arrays.copyOf(good.array(), good.sizeBytes() + (4 << 20));
    Arrays.fill(bytes, good.sizeBytes(), bytes.length, (byte) 0xff);
    bytes[good.sizeBytes()] = 0;
    bytes[good.sizeBytes() + 1] = 0;
    bytes[good.sizeBytes() + 2] = 1;
    bytes[good.sizeBytes() + 3] = 12; // filler
    return like(good, bytes);
  }

  @Test
  void aHugeParameterSetIsNotKept() {
    byte[] huge = new byte[1 << 20];
    Arrays.fill(huge, (byte) 0xff);
    assertThatThrownBy(() -> new ParameterSets().sequence(huge, 0, huge.length))
        .isInstanceOf(BitReader.UnreadableException.class)
        .hasMessage("a sequence parameter set of 1048576 bytes");
  }
}
