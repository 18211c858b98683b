package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.sink.index.CameraKeys.Ticket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lets one camera in, made of the master's secret: 8 bytes of when it ends, in seconds; 1 byte
 * of which 1 says that it takes the name from another key; 12 random bytes; 20 bytes of a MAC over
 * those and the name that it is for. So none has to be kept before it is used, and one can be made
 * beside a master that runs. Thread-safe.
 */
public final class Tickets {

  private static final int SIGNED_BYTES = 21;
  private static final int RANDOM_BYTES = 12;
  private static final int MAC_BYTES = 20;
  private static final byte ANEW = 1;

  private Tickets() {}

  /**
   * A new one.
   *
   * @param name of the camera that it is for; empty for any
   * @param anew whether it takes the name from another key
   */
  public static byte[] draw(MasterSecret secret, String name, boolean anew, Instant expiry) {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] signed =
        ByteBuffer.allocate(SIGNED_BYTES)
            .putLong(expiry.getEpochSecond())
            .put(anew ? ANEW : 0)
            .put(random)
            .array();
    return ByteBuffer.allocate(SIGNED_BYTES + MAC_BYTES)
        .put(signed)
        .put(mac(secret, name, signed))
        .array();
  }

  /** What a ticket is called, which is no secret: SHA-256 of it, in hexadecimal digits. */
  public static String id(byte[] ticket) {
    return HexFormat.of().formatHex(DurableFiles.sha256().digest(ticket));
  }

  /**
   * What this one says, if the master made it for a camera of this name, or of any. It may have
   * ended, or been used.
   */
  public static Optional<Ticket> read(MasterSecret secret, byte[] ticket, String name) {
    if (ticket.length != SIGNED_BYTES + MAC_BYTES) {
      return Optional.empty();
    }
    byte[] signed = Arrays.copyOf(ticket, SIGNED_BYTES);
    byte[] mac = Arrays.copyOfRange(ticket, SIGNED_BYTES, ticket.length);
    boolean isOurs =
        Stream.of(name, "").anyMatch(n -> MessageDigest.isEqual(mac(secret, n, signed), mac));
    if (!isOurs) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(signed);
    Instant expiry = Instant.ofEpochSecond(in.getLong());
    boolean anew = in.get() == ANEW;
    return Optional.of(new Ticket(id(ticket), expiry, anew));
  }

  private static byte[] mac(MasterSecret secret, String name, byte[] signed) {
    return Arrays.copyOf(
        secret.macOf("raspberryspy ticket v1\n" + name + "\n" + HexFormat.of().formatHex(signed)),
        MAC_BYTES);
  }
}
