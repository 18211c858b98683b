package io.github.raspberryspy.segments.wire;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a camera sends while somebody watches, one binary message each. Their form is {@link
 * LiveCodec}'s. Payloads are read-only and shared: whoever reads one works on a duplicate.
 */
public sealed interface LiveMessage {

  /** What a codec's name looks like. Source: RFC 6381. */
  Pattern CODEC = Pattern.compile("avc1\\.[0-9a-f]{6}");

  /** What a message takes in memory beside its payload, at the most. */
  int HEAD_BYTES = 256;

  /** The bytes for the viewer. */
  ByteBuffer payload();

  /** How many bytes of memory it takes: many that are tiny take much. */
  default int heldBytes() {
    return HEAD_BYTES + payload().remaining();
  }

  /**
   * What comes before all fragments, and again where the stream's parameters change or a run
   * begins.
   *
   * @param codec as browsers name it
   * @param width pixels across
   * @param height pixels down
   * @param start wall time of the media time 0
   * @param payload ftyp and moov
   */
  record Init(String codec, int width, int height, Instant start, ByteBuffer payload)
      implements LiveMessage {
    /** Checks ranges. */
    public Init {
      Objects.requireNonNull(start, "start");
      payload = payload.asReadOnlyBuffer();
      if (!CODEC.matcher(codec).matches()) {
        throw new IllegalArgumentException("a codec is of the form avc1.64001f");
      }
      if (width < 1 || height < 1 || width > 0xffff || height > 0xffff) {
        throw new IllegalArgumentException("a picture is 1 to 65535 pixels across and down");
      }
    }
  }

  /**
   * One picture of the stream: a moof and an mdat.
   *
   * @param isKeyframe whether one can begin to watch here
   * @param timeUs media time at which it is shown
   * @param captured wall time at which it was filmed
   * @param payload moof and mdat
   */
  record Fragment(boolean isKeyframe, long timeUs, Instant captured, ByteBuffer payload)
      implements LiveMessage {
    /** Checks presence. */
    public Fragment {
      Objects.requireNonNull(captured, "captured");
      payload = payload.asReadOnlyBuffer();
    }
  }
}
