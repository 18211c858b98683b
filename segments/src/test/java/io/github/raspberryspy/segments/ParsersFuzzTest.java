package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.segments.wire.PairingMessage;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What comes from outside is read, or refused as its javadoc says; nothing else happens. The build
 * replays the corpus; {@code .ci/fuzz} looks for more.
 */
class ParsersFuzzTest {

  @FuzzTest
  void manifest(byte[] data) {
    SegmentManifest manifest;
    try {
      manifest = ManifestCodec.decode(data);
    } catch (ManifestException e) {
      assertSentence(e);
      return;
    }
    assertOneLine(manifest);
    byte[] again = ManifestCodec.encode(manifest);
    assertThat(again).hasSizeLessThanOrEqualTo(ManifestCodec.MAX_BYTES);
    try {
      assertThat(ManifestCodec.decode(again).id()).isEqualTo(manifest.id());
    } catch (ManifestException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }

  @FuzzTest
  void message(byte[] data) {
    try {
      LinkMessage message = LinkCodec.decode(text(data));
      assertOneLine(message);
      String again = LinkCodec.encode(message);
      assertThat(LinkCodec.encode(LinkCodec.decode(again))).isEqualTo(again);
    } catch (ManifestException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void command(byte[] data) {
    try {
      String again = CommandCodec.encode(CommandCodec.decode(text(data)));
      assertThat(CommandCodec.encode(CommandCodec.decode(again))).isEqualTo(again);
    } catch (ManifestException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void live(byte[] data) {
    try {
      LiveMessage message = LiveCodec.decode(ByteBuffer.wrap(data));
      ByteBuffer head = LiveCodec.head(message);
      assertThat(head.remaining()).isLessThan(data.length);
      assertThat(ByteBuffer.wrap(data, 0, head.remaining())).isEqualTo(head);
    } catch (ManifestException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void code(byte[] data) {
    try {
      PairingCode code = PairingCode.parse(text(data));
      assertThat(PairingCode.parse(code.text())).isEqualTo(code);
    } catch (IllegalArgumentException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void pairing(byte[] data) {
    try {
      PairingMessage.Ask ask = PairingMessage.Ask.decode(data);
      assertThat(PairingMessage.Ask.decode(ask.encode())).isEqualTo(ask);
      assertThat(ask.provedKey().getAlgorithm()).isEqualTo("EC");
    } catch (ManifestException e) {
      assertSentence(e);
    }
    try {
      PairingMessage.Grant grant = PairingMessage.Grant.decode(data);
      assertThat(PairingMessage.Grant.decode(grant.encode())).isEqualTo(grant);
    } catch (ManifestException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void receipt(byte[] data) {
    try {
      Receipt receipt = Receipt.decode(data);
      assertThat(Receipt.decode(receipt.encode())).isEqualTo(receipt);
    } catch (ManifestException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void poster(byte[] data) throws IOException {
    Poster.find(new MemorySource(data)).ifPresent(jpeg -> assertThat(Poster.fits(jpeg)).isTrue());
  }

  @FuzzTest
  void video(byte[] data) throws IOException {
    Path file = new MemoryDisk().path("/video.mp4");
    Files.write(file, data);
    try {
      FragmentedMp4 video = FragmentedMp4.scan(file);
      assertThat(video.wholeBytes()).isBetween(0L, (long) data.length);
      assertThat(video.frames()).isNotNegative();
      assertThat(video.isWhole())
          .isEqualTo(video.wholeBytes() == data.length && video.frames() > 0);
    } catch (DamagedVideoException e) {
      assertSentence(e);
    }
  }

  /** Whatever a file holds, what is exported of it is as long as was said, and is a video. */
  @FuzzTest
  void join(byte[] data) throws IOException {
    Mp4Source source = new MemorySource(data);
    try {
      Mp4Head head = Mp4Head.read(source);
      List<Mp4Part> parts = new ArrayList<>(List.of(Mp4Part.whole(source, head, 1_000_000)));
      Mp4Part.cut(source, head, 300_000, 700_000).ifPresent(parts::add);
      parts.add(Mp4Part.whole(source, head, 1_000_000));
      Mp4Label label = new Mp4Label(Instant.EPOCH, "a", "b", List.of());
      Mp4Join join = new Mp4Join(parts, label);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      join.write(out, 0, join.bytes());
      assertThat(out.size()).isEqualTo((int) join.bytes());
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      long first = join.bytes() / 3;
      join.write(part, first, join.bytes() / 2);
      assertThat(part.toByteArray())
          .isEqualTo(
              Arrays.copyOfRange(out.toByteArray(), (int) first, (int) (first + join.bytes() / 2)));
      Mp4Head.read(new MemorySource(out.toByteArray()));
    } catch (DamagedVideoException e) {
      assertSentence(e);
    }
  }

  @FuzzTest
  void names(byte[] data) {
    String text = text(data);
    try {
      assertThat(SegmentId.parse(text)).hasToString(text);
    } catch (IllegalArgumentException e) {
      assertSentence(e);
    }
    try {
      assertThat(SegmentName.parse(text)).hasToString(text);
    } catch (IllegalArgumentException e) {
      assertSentence(e);
    }
    try {
      CameraCredential credential = CameraCredential.parse(text);
      assertThat(CameraCredential.parse(credential.token())).isEqualTo(credential);
    } catch (IllegalArgumentException e) {
      assertSentence(e);
    }
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  /** Whatever it says may stand in a log. */
  private static void assertOneLine(Object read) {
    assertThat(OneLine.of(read.toString())).isEqualTo(read.toString());
  }

  private static void assertSentence(Exception e) {
    assertThat(e.getMessage()).isNotBlank();
  }
}
