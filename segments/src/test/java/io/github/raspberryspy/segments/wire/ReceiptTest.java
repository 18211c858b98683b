package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiptTest {

  private static final byte[] MASTER =
      "a master's secret of 32 bytes...".getBytes(StandardCharsets.UTF_8);
  private static final CameraCredential FRONT = CameraCredential.derive(MASTER, "front");
  private static final SegmentId ID = SegmentId.parse("front-3f9a1c22-r17-000123");
  private static final Content CONTENT = new Content(123_456_789L, "ab".repeat(32));

  @Test
  void vouchesForTheSegmentThatItWasSignedFor() throws ManifestException {
    Receipt receipt = Receipt.sign(FRONT, ID, CONTENT);
    assertThat(receipt.vouchesFor(FRONT, ID, CONTENT)).isTrue();
    Receipt read = Receipt.decode(receipt.encode());
    assertThat(read).isEqualTo(receipt);
    assertThat(read.vouchesFor(FRONT, ID, CONTENT)).isTrue();
  }

  /** The text that is signed is part of the wire: both sides must agree on it for ever. */
  @Test
  void theMacIsTheOneOfTheWire() {
    CameraCredential camera = CameraCredential.derive(new byte[32], "front");
    assertThat(camera.token()).isEqualTo("front:nB3w4KW0OunRfF2zhhlaJ-rY6Ry0BPDFZJp9DiI8rnc");
    assertThat(Receipt.sign(camera, ID, CONTENT).mac())
        .isEqualTo("EYckF3-nNbdv12MAyX7CyMrq8ZZSo7qYw04ykkXHbTg");
  }

  @Test
  void everyChangedBitOfAReceiptIsRefused() {
    byte[] sound = Receipt.sign(FRONT, ID, CONTENT).encode();
    int refused = 0;
    for (int bit = 0; bit < sound.length * 8; bit++) {
      byte[] bytes = sound.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(Receipt.decode(bytes).vouchesFor(FRONT, ID, CONTENT))
            .as("bit %d: %s", bit, new String(bytes, StandardCharsets.UTF_8))
            .isFalse();
      } catch (ManifestException e) {
        assertThat(e).hasMessageStartingWith("receipt");
      }
      refused++;
    }
    assertThat(refused).isEqualTo(sound.length * 8);
  }

  @Test
  void everyChangedBitOfWhatItSpeaksOfIsRefused() {
    Receipt receipt = Receipt.sign(FRONT, ID, CONTENT);
    for (int bit = 0; bit < 62; bit++) {
      long bytes = CONTENT.bytes() ^ 1L << bit;
      if (bytes > 0) {
        assertThat(receipt.vouchesFor(FRONT, ID, new Content(bytes, CONTENT.sha256()))).isFalse();
      }
    }
    for (int digit = 0; digit < 64; digit++) {
      for (int flip = 1; flip < 16; flip <<= 1) {
        char[] hash = CONTENT.sha256().toCharArray();
        hash[digit] = Character.forDigit(Character.digit(hash[digit], 16) ^ flip, 16);
        Content other = new Content(CONTENT.bytes(), new String(hash));
        assertThat(receipt.vouchesFor(FRONT, ID, other)).isFalse();
      }
    }
    for (String other :
        new String[] {
          "front-3f9a1c22-r17-000124",
          "front-3f9a1c22-r16-000123",
          "front-3f9a1c23-r17-000123",
          "fronu-3f9a1c22-r17-000123"
        }) {
      assertThat(receipt.vouchesFor(FRONT, SegmentId.parse(other), CONTENT)).isFalse();
    }
  }

  /** Recorded once, and played back for whatever the camera asks about later. */
  @Test
  void tenThousandReplaysVouchForNothingElse() {
    Receipt recorded = Receipt.sign(FRONT, ID, CONTENT);
    Random random = new Random(9);
    for (int i = 0; i < 10_000; i++) {
      SegmentId later = new SegmentId("front", ID.key(), 1 + i % 40, random.nextInt(1 << 20));
      Content content =
          i % 2 == 0 ? CONTENT : new Content(1 + random.nextInt(1 << 30), CONTENT.sha256());
      boolean isTheSame = later.equals(ID) && content.equals(CONTENT);
      assertThat(recorded.vouchesFor(FRONT, later, content)).isEqualTo(isTheSame);
    }
  }

  @Test
  void anotherCamerasReceiptIsRefused() {
    CameraCredential back = CameraCredential.derive(MASTER, "back");
    assertThat(Receipt.sign(back, ID, CONTENT).vouchesFor(FRONT, ID, CONTENT)).isFalse();
    assertThat(Receipt.sign(FRONT, ID, CONTENT).vouchesFor(back, ID, CONTENT)).isFalse();
    assertThat(Receipt.sign(back, ID, CONTENT).vouchesFor(back, ID, CONTENT))
        .as("a camera's receipt for a segment of another camera")
        .isFalse();
  }

  @Test
  void anotherMastersReceiptIsRefused() {
    byte[] other = MASTER.clone();
    other[31] ^= 1;
    CameraCredential stranger = CameraCredential.derive(other, "front");
    assertThat(Receipt.sign(stranger, ID, CONTENT).vouchesFor(FRONT, ID, CONTENT)).isFalse();
  }

  @Test
  void whatIsNoReceiptIsAManifestException() {
    byte[] sound = Receipt.sign(FRONT, ID, CONTENT).encode();
    for (int cut = 0; cut < sound.length; cut++) {
      byte[] part = Arrays.copyOf(sound, cut);
      assertThatThrownBy(() -> Receipt.decode(part)).isInstanceOf(ManifestException.class);
    }
    String text = new String(sound, StandardCharsets.UTF_8);
    for (String bytes : new String[] {"0", "-1", "1.5", "\"1\"", "null", "1e3"}) {
      String json = text.replace("123456789", bytes);
      assertThatThrownBy(() -> Receipt.decode(json.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(ManifestException.class);
    }
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> Receipt.decode(noise)).isInstanceOf(ManifestException.class);
    }
  }
}
